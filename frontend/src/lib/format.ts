/** Dates and times in the reader's language and time zone. */

/** The reader's own regional form of the language on screen, so that a British reader of English sees British dates. */
function regional(locale: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === locale) ?? locale;
}

export function formatDay(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(regional(locale), { dateStyle: "full" }).format(new Date(iso));
}

export function formatMoment(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(regional(locale), { dateStyle: "long", timeStyle: "short" }).format(
    new Date(iso),
  );
}

export function formatTime(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(regional(locale), { timeStyle: "short" }).format(new Date(iso));
}

/** Seconds as `3:07`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Time within a call, as `3:07`. */
export function formatOffset(fromIso: string, toIso: string): string {
  return formatClock((Date.parse(toIso) - Date.parse(fromIso)) / 1000);
}

/** Whole minutes, rounded; null while the call has no end. */
export function minutesBetween(fromIso: string, toIso: string | null): number | null {
  if (toIso === null) return null;
  return Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 60_000);
}
