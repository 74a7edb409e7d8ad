import { useId } from "react";
import { useTranslation } from "@/i18n";
import { formatWeekday } from "@/lib/format";
import type { ReviewSummary } from "./practice-api";

/** How many items come back on each of the next days: a row of numbers over bars, which every reader can read. */
export function Forecast({ days }: { days: ReviewSummary["forecast"] }) {
  const { t, i18n } = useTranslation();
  const caption = useId();
  const most = Math.max(1, ...days.map((day) => day.due));
  return (
    <table
      aria-labelledby={caption}
      className="w-full table-fixed text-center text-sm"
      data-testid="forecast"
    >
      <caption id={caption} className="pb-2 text-start text-sm text-quiet">
        {t("practice.forecast")}
      </caption>
      <tbody>
        <tr className="align-bottom">
          {days.map((day) => (
            <td key={day.day} className="px-0.5 tabular-nums sm:px-1">
              {day.due}
              <div
                aria-hidden
                className="mt-1 min-h-0.5 rounded-t-md bg-primary"
                style={{ height: `${(day.due / most) * 3}rem` }}
              />
            </td>
          ))}
        </tr>
      </tbody>
      <tfoot>
        <tr className="border-t border-line">
          {days.map((day, place) => (
            <th key={day.day} scope="col" className="pt-1 font-normal text-quiet">
              <time dateTime={day.day}>
                {place === 0 ? t("practice.today") : formatWeekday(day.day, i18n.language)}
              </time>
            </th>
          ))}
        </tr>
      </tfoot>
    </table>
  );
}
