import clsx from "clsx";
import { useTranslation } from "@/i18n";
import type { LevelOrBelow } from "./results-api";
import { levelWords, neighbours, reach, SCALE, sureness } from "./words";

interface VerdictProps {
  level: LevelOrBelow | null | undefined;
  confidence: number;
}

/** The estimated level, and how far to either side it may lie. */
export function Verdict({ level, confidence }: VerdictProps) {
  const { t, i18n } = useTranslation();
  if (!level) {
    return (
      <section
        className="grid gap-2 rounded-card border border-line bg-surface p-4 sm:p-6"
        data-testid="verdict"
      >
        <h2 className="text-xl font-semibold">{t("results.noLevel")}</h2>
        <p className="max-w-prose text-quiet">{t("results.noLevelBody")}</p>
      </section>
    );
  }
  const others = neighbours(level, confidence).map((one) => levelWords(t, one));
  const listed = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(others);
  return (
    <section
      aria-labelledby="verdict-title"
      data-testid="verdict"
      className="grid gap-5 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <p
          translate={level === "below_A1" ? undefined : "no"}
          className="font-display text-5xl leading-none font-bold text-primary sm:text-6xl"
        >
          {levelWords(t, level)}
        </p>
        <div className="grid min-w-0 grow basis-60 gap-0.5">
          <h2 id="verdict-title" className="text-xl font-semibold">
            {t("results.levelTitle", { level: levelWords(t, level) })}
          </h2>
          <p className="text-quiet">
            {t(`results.level_${sureness(confidence)}`)}
            {others.length > 0 && ` ${t("results.maybe", { levels: listed })}`}
          </p>
        </div>
      </div>
      <Scale level={level} confidence={confidence} />
      <p className="text-sm text-quiet">{t("results.notOfficial")}</p>
    </section>
  );
}

/** Decoration: what it shows is said in words above it. */
function Scale({ level, confidence }: { level: LevelOrBelow; confidence: number }) {
  const { t } = useTranslation();
  const width = 100 / SCALE.length;
  const middle = (SCALE.indexOf(level) + 0.5) * width;
  const from = Math.max(0, middle - reach(confidence) * width);
  const to = Math.min(100, middle + reach(confidence) * width);
  return (
    <div aria-hidden className="grid gap-1.5">
      <div className="relative h-5 overflow-hidden rounded-full bg-sunken">
        <div
          className="absolute inset-y-0 rounded-full bg-coach opacity-30"
          style={{ insetInlineStart: `${from}%`, width: `${to - from}%` }}
        />
        <div
          className="absolute inset-y-0 w-2 rounded-full bg-primary"
          style={{ insetInlineStart: `calc(${middle}% - 0.25rem)` }}
        />
      </div>
      <div className="grid grid-cols-5 text-center text-sm" translate="no">
        {SCALE.map((one) => (
          <span key={one} className={clsx(one === level ? "font-bold text-ink" : "text-quiet")}>
            {one === "below_A1" ? t("results.belowShort") : one}
          </span>
        ))}
      </div>
    </div>
  );
}
