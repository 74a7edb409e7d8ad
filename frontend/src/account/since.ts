/** Moments as people speak of them: "3 hours ago", "in 2 months". */

import { useTranslation } from "@/i18n";

const STEPS = [
  { unit: "year", seconds: 31_556_952 },
  { unit: "month", seconds: 2_629_746 },
  { unit: "week", seconds: 604_800 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
] as const;

/** Distance from now, in the largest unit that it fills. Under a minute is "this minute". */
export function sinceOrUntil(iso: string, locale: string, now: number = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds) ?? STEPS[STEPS.length - 1];
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return step === undefined ? "" : words.format(Math.trunc(seconds / step.seconds), step.unit);
}

const TEN_MINUTES_MS = 600_000;

/** Whether it was so short ago that the API, which notes last use to ten minutes, could not tell it from now. */
export function isNow(iso: string, now: number = Date.now()): boolean {
  return now - Date.parse(iso) < TEN_MINUTES_MS;
}

/** `sinceOrUntil` in the language on screen. */
export function useMoments(): (iso: string) => string {
  const { i18n } = useTranslation();
  return (iso) => sinceOrUntil(iso, i18n.language);
}
