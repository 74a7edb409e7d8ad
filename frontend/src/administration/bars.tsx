import { useTranslation } from "@/i18n";

export interface Bar {
  day: string;
  value: number;
}

interface BarsProps {
  title: string;
  /** What all bars come to. */
  total: string;
  bars: readonly Bar[];
  /** A day's figure in words. */
  words: (value: number) => string;
}

const HEIGHT = 64;
const STEP = 10;

/** One bar a day. Who cannot see them is told the sum and the highest. */
export function Bars({ title, total, bars, words }: BarsProps) {
  const { t, i18n } = useTranslation();
  const highest = bars.reduce((best, bar) => (bar.value > best.value ? bar : best), { day: "", value: 0 });
  const day = (iso: string) =>
    new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", timeZone: "UTC" }).format(
      new Date(iso),
    );
  const first = bars[0];
  const last = bars[bars.length - 1];
  return (
    <figure className="grid gap-2">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-semibold">{title}</span>
        <span className="text-quiet">{total}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${title}: ${total}`}
        viewBox={`0 0 ${Math.max(1, bars.length) * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-20 w-full"
      >
        {bars.map((bar, number) => {
          const height = highest.value > 0 ? Math.max(1, (bar.value / highest.value) * HEIGHT) : 1;
          return (
            <rect
              key={bar.day}
              x={number * STEP + 1}
              y={HEIGHT - height}
              width={STEP - 2}
              height={height}
              rx={1.5}
              className={bar.value > 0 ? "fill-primary" : "fill-line"}
            >
              <title>{`${day(bar.day)}: ${words(bar.value)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p className="flex justify-between text-sm text-quiet">
        {first && <time dateTime={first.day}>{day(first.day)}</time>}
        {highest.value > 0 && (
          <span>
            {t("administration.overview.most", { day: day(highest.day), much: words(highest.value) })}
          </span>
        )}
        {last && <time dateTime={last.day}>{day(last.day)}</time>}
      </p>
    </figure>
  );
}
