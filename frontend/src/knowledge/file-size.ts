/** The size of a file as people say it. */
export function formatSize(bytes: number, locale: string): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  const size = new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 });
  return size.format(Math.max(0.1, value));
}
