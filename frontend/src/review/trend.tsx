import { useTranslation } from "@/i18n";
import { Bars } from "./bars";

interface TrendProps {
  weeks: readonly number[];
  change: number;
}

/** Four weeks as bars, and the difference to the four before. */
export function Trend({ weeks, change }: TrendProps) {
  const { t } = useTranslation();
  const minutes = Math.abs(change);
  const words =
    change === 0 ? t("review.trendSame") : t(change > 0 ? "review.trendUp" : "review.trendDown", { minutes });
  return (
    <span className="flex items-center gap-2">
      <Bars values={weeks} label={t("review.weeks", { minutes: weeks.join(", ") })} />
      <span title={words} className={change < 0 ? "text-sm text-learner" : "text-sm text-quiet"}>
        <span aria-hidden className="tabular-nums">
          {change > 0 ? "+" : change < 0 ? "−" : "±"}
          {minutes}
        </span>
        <span className="sr-only">{words}</span>
      </span>
    </span>
  );
}
