/** Dates and times in the reader's language and time zone. */

/** The reader's own regional form of the language on screen, so that a British reader of English sees British dates. */
function regional(locale: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === locale) ?? locale;
}

export function formatDay(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(regional(locale), { dateStyle: "full" }).format(new Date(iso));
}

/** A day of the calendar such as 2026-11-20, which is the same wherever it is read. */
function formatDate(day: string, locale: string, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(regional(locale), { ...parts, timeZone: "UTC" }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** Such a day in little room, as `20 Nov`. */
export function formatShortDay(day: string, locale: string): string {
  return formatDate(day, locale, { day: "numeric", month: "short" });
}

/** Its day of the week in little room, as `Fri`. */
export function formatWeekday(day: string, locale: string): string {
  return formatDate(day, locale, { weekday: "short" });
}

/** Today, or the day of a moment, as the reader's calendar has it. */
export function today(now: Date = new Date()): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
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

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A size as people say it, in powers of a thousand. */
export function formatBytes(bytes: number, locale: string): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}
