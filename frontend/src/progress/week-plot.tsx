import clsx from "clsx";
import { useId } from "react";
import { useTranslation } from "@/i18n";
import { formatShortDay } from "@/lib/format";
import { ceiling, MEASURE_NAMES, type Measure, written } from "./measures";

export interface PlottedWeek {
  /** Its Monday. */
  week: string;
  /** Nothing where there was too little to measure. */
  value: number | null;
  /** Too few people stand behind the figure for it to be told. */
  withheld?: boolean;
}

interface WeekPlotProps {
  measure: Measure;
  weeks: readonly PlottedWeek[];
}

const LABEL_EVERY = 3;

/** Bars by week; the same as a table for whoever cannot see them or wants the numbers. */
export function WeekPlot({ measure, weeks }: WeekPlotProps) {
  const { t, i18n } = useTranslation();
  const caption = useId();
  const name = t(MEASURE_NAMES[measure]);
  const top = ceiling(
    weeks.map((week) => week.value),
    measure,
  );
  return (
    <figure aria-labelledby={caption} className="grid gap-3" data-testid="week-plot">
      <figcaption id={caption} className="font-semibold">
        {t("progress.byWeek", { measure: name })}
      </figcaption>
      <div aria-hidden className="grid grid-cols-[auto_1fr] gap-x-2">
        <Scale top={written(measure, top, i18n.language)} bottom={written(measure, 0, i18n.language)} />
        <div className="flex h-48 items-end gap-1 border-b border-line bg-[linear-gradient(to_bottom,var(--line)_1px,transparent_1px)] bg-[length:100%_50%] sm:gap-2">
          {weeks.map((week) => (
            <Bar key={week.week} week={week} measure={measure} top={top} />
          ))}
        </div>
        <div />
        <div className="flex gap-1 pt-1 text-xs text-quiet sm:gap-2">
          {weeks.map((week, place) => (
            <time key={week.week} dateTime={week.week} className="w-0 grow whitespace-nowrap">
              {place % LABEL_EVERY === 0 && formatShortDay(week.week, i18n.language)}
            </time>
          ))}
        </div>
      </div>
      <WeekTable measure={measure} weeks={weeks} />
    </figure>
  );
}

function Scale({ top, bottom }: { top: string; bottom: string }) {
  return (
    <div className="flex flex-col justify-between text-end text-xs text-quiet tabular-nums">
      <span className="-translate-y-1/2">{top}</span>
      <span className="translate-y-1/2">{bottom}</span>
    </div>
  );
}

function Bar({ week, measure, top }: { week: PlottedWeek; measure: Measure; top: number }) {
  const { t, i18n } = useTranslation();
  const value = week.value ?? 0;
  const told = week.withheld
    ? t("progress.withheld")
    : week.value === null
      ? t("progress.tooLittle")
      : written(measure, value, i18n.language);
  return (
    <span
      title={t("progress.bar", { week: formatShortDay(week.week, i18n.language), value: told })}
      className={clsx(
        "grow basis-0 rounded-t-md",
        week.withheld && "h-full border-x border-t border-dashed border-line bg-sunken/60",
        week.value !== null && "min-h-0.5 bg-primary",
      )}
      style={week.withheld ? undefined : { height: `${Math.min(100, (value / top) * 100)}%` }}
    />
  );
}

function WeekTable({ measure, weeks }: WeekPlotProps) {
  const { t, i18n } = useTranslation();
  return (
    <details className="group">
      <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
        {t("progress.asTable")}
      </summary>
      <table className="mt-2 w-full max-w-md border-collapse text-start" data-testid="week-table">
        <thead>
          <tr className="border-b border-line text-sm text-quiet">
            <th scope="col" className="py-2 text-start font-semibold">
              {t("progress.weekOf")}
            </th>
            <th scope="col" className="py-2 text-end font-semibold">
              {t(MEASURE_NAMES[measure])}
            </th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.week} className="border-b border-line last:border-0">
              <th scope="row" className="py-2 text-start font-normal">
                <time dateTime={week.week}>{formatShortDay(week.week, i18n.language)}</time>
              </th>
              <td className={clsx("py-2 text-end tabular-nums", week.value === null && "text-quiet")}>
                {week.withheld
                  ? t("progress.withheld")
                  : week.value === null
                    ? t("progress.tooLittle")
                    : written(measure, week.value, i18n.language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
