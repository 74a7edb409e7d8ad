/** Names of the figures behind scores; `docs/model-card.md` says what each is. */

import type { MessageKey, Translate } from "@/i18n";

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

/** What a figure is called; one that is not known here, by the name that it has. */
export function measureName(t: Translate, name: string): string {
  const known = KNOWN.find((one) => one === name);
  return known ? t(`results.measure_${known}` satisfies MessageKey) : name.replaceAll("_", " ");
}
