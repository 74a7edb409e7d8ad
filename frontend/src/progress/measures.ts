/** What can be plotted by week, and how its numbers are written. */

import type { MessageKey } from "@/i18n";

export const MEASURES = ["minutes", "pace", "share"] as const;
export type Measure = (typeof MEASURES)[number];

interface Spoken {
  minutes_spoken: number;
  words_per_minute: number | null;
  share_of_talk: number | null;
}

export const MEASURE_NAMES = {
  minutes: "progress.minutes",
  pace: "progress.pace",
  share: "progress.share",
} as const satisfies Record<Measure, MessageKey>;

export function measured(measure: Measure, spoken: Spoken): number | null {
  if (measure === "minutes") return spoken.minutes_spoken;
  return measure === "pace" ? spoken.words_per_minute : spoken.share_of_talk;
}

export function written(measure: Measure, value: number, locale: string): string {
  if (measure === "share") return new Intl.NumberFormat(locale, { style: "percent" }).format(value);
  const digits = measure === "minutes" && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8];

/** The lowest round number that is not below any value, so that bars of different weeks compare. */
export function ceiling(values: readonly (number | null)[], measure: Measure): number {
  if (measure === "share") return 1;
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (STEPS.find((step) => step * power >= most) ?? 10);
}
