/** Names of the figures behind scores; `docs/model-card.md` says what each is. */

import type { MessageKey, Translate } from "@/i18n";
import type { Measure } from "./results-api";
import { figureText } from "./words";

const KNOWN = [
  "articulation_rate",
  "speech_rate",
  "mean_run",
  "pauses_within",
  "pauses_between",
  "phonation_ratio",
  "mean_pause",
  "fillers",
  "restarts",
  "slips",
  "clean_share",
  "structures",
  "unit_words",
  "clauses",
  "subordination",
  "reach",
  "share_from_b1",
  "guiraud",
  "mtld",
  "different_words",
  "marker_range",
  "jobs",
  "marker_density",
  "referring",
  "on_task",
  "answer_words",
  "goodness",
  "poor_words",
  "understood",
  "speech_s",
] as const;

/** From 0 to 1, told in percent. */
const SHARES: readonly string[] = [
  "phonation_ratio",
  "clean_share",
  "share_from_b1",
  "referring",
  "on_task",
  "goodness",
  "poor_words",
  "understood",
];

function knownName(name: string) {
  return KNOWN.find((one) => one === name);
}

/** What a figure is called, its unit in the words; one that is not known here, by the name that it has. */
export function measureName(t: Translate, name: string): string {
  const known = knownName(name);
  return known ? t(`results.measure_${known}` satisfies MessageKey) : name.replaceAll("_", " ");
}

/** A figure as the reader writes numbers. */
export function measureText({ name, value, unit }: Measure, locale: string): string {
  if (SHARES.includes(name)) return new Intl.NumberFormat(locale, { style: "percent" }).format(value);
  const figure = figureText(value, locale);
  return knownName(name) || !unit ? figure : `${figure} ${unit}`;
}
