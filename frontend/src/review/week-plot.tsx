import { useTranslation } from "@/i18n";
import { formatShortDay } from "@/lib/format";
import type { Figures } from "./review-api";

const WIDTH = 360;
const HEIGHT = 120;
const GAP = 6;

/** Minutes spoken in each week, the latest at the end. */
export function WeekPlot({ weeks }: { weeks: Figures["weeks"] }) {
  const { t, i18n } = useTranslation();
  const most = Math.max(...weeks.map((week) => week.minutes_spoken));
  const first = weeks[0];
  const last = weeks[weeks.length - 1];
  if (most <= 0 || first === undefined || last === undefined)
    return <p className="text-quiet">{t("review.plotEmpty")}</p>;
  const step = WIDTH / weeks.length;
  return (
    <figure className="grid gap-1">
      <figcaption className="flex justify-between text-sm text-quiet">
        {t("review.plot")}
        <span aria-hidden className="tabular-nums">
          {most}
        </span>
      </figcaption>
      <ul className="sr-only">
        {weeks.map((week) => (
          <li key={week.week}>
            {t("review.plotWeek", {
              date: formatShortDay(week.week, i18n.language),
              minutes: week.minutes_spoken,
            })}
          </li>
        ))}
      </ul>
      <svg aria-hidden="true" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full max-w-lg">
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="stroke-line" />
        {weeks.map((week, place) => {
          const height = (week.minutes_spoken / most) * (HEIGHT - 4);
          return (
            <rect
              key={week.week}
              x={place * step + GAP / 2}
              y={HEIGHT - height}
              width={step - GAP}
              height={height}
              rx={3}
              className={week === last ? "fill-learner-vivid" : "fill-coach"}
            />
          );
        })}
      </svg>
      <p aria-hidden className="flex max-w-lg justify-between text-xs text-quiet">
        <time dateTime={first.week}>{formatShortDay(first.week, i18n.language)}</time>
        <time dateTime={last.week}>{formatShortDay(last.week, i18n.language)}</time>
      </p>
    </figure>
  );
}
