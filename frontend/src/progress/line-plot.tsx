import clsx from "clsx";
import { useId } from "react";
import { useTranslation } from "@/i18n";
import { formatShortDay } from "@/lib/format";
import { ceiling } from "./measures";

export interface Line {
  name: string;
  /** One a week; nothing where there was too little to measure. */
  values: readonly (number | null)[];
}

interface LinePlotProps {
  caption: string;
  lines: readonly Line[];
  weeks: readonly string[];
}

const WIDTH = 600;
const HEIGHT = 180;
const LABEL_EVERY = 3;
/** Told apart by colour and by dashes, so that colour is never all there is. */
const STROKES = [
  { stroke: "stroke-coach", dash: undefined },
  { stroke: "stroke-learner-vivid", dash: "7 5" },
  { stroke: "stroke-focus", dash: "2 5" },
] as const;

/** Lines by week; the same as a table for whoever cannot see them or wants the numbers. */
export function LinePlot({ caption, lines, weeks }: LinePlotProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const top = ceiling(
    lines.flatMap((line) => line.values),
    "minutes",
  );
  return (
    <figure aria-labelledby={id} className="grid gap-3" data-testid="line-plot">
      <figcaption id={id} className="font-semibold">
        {caption}
      </figcaption>
      {lines.length > 1 && (
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-hidden>
          {lines.map((line, place) => (
            <li key={line.name} className="flex items-center gap-2">
              <svg viewBox="0 0 30 6" className="h-1.5 w-8" aria-hidden>
                <Stroke place={place} points="0,3 30,3" />
              </svg>
              {line.name}
            </li>
          ))}
        </ul>
      )}
      <div aria-hidden className="grid grid-cols-[auto_1fr] gap-x-2">
        <div className="flex flex-col justify-between text-end text-xs text-quiet tabular-nums">
          <span className="-translate-y-1/2">{number.format(top)}</span>
          <span className="translate-y-1/2">0</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden
          className="h-44 w-full overflow-visible border-b border-line"
        >
          {lines.map((line, place) => (
            <Drawn key={line.name} line={line} place={place} top={top} />
          ))}
        </svg>
        <div />
        <div className="flex pt-1 text-xs text-quiet">
          {weeks.map((week, place) => (
            <time key={week} dateTime={week} className="w-0 grow whitespace-nowrap">
              {place % LABEL_EVERY === 0 && formatShortDay(week, i18n.language)}
            </time>
          ))}
        </div>
      </div>
      <details>
        <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
          {t("progress.asTable")}
        </summary>
        <Table lines={lines} weeks={weeks} />
      </details>
    </figure>
  );
}

/** A line is broken where a week tells nothing; a week alone is a dot. */
function Drawn({ line, place, top }: { line: Line; place: number; top: number }) {
  const step = WIDTH / line.values.length;
  const at = (value: number, week: number) => `${(week + 0.5) * step},${HEIGHT - (value / top) * HEIGHT}`;
  const runs: string[][] = [[]];
  line.values.forEach((value, week) => {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(at(value, week));
  });
  return runs
    .filter((run) => run.length > 0)
    .map((run) => (
      <Stroke key={run[0]} place={place} points={(run.length > 1 ? run : [...run, ...run]).join(" ")} />
    ));
}

function Stroke({ place, points }: { place: number; points: string }) {
  const look = STROKES[place % STROKES.length] ?? STROKES[0];
  return (
    <polyline
      points={points}
      fill="none"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
      vectorEffect="non-scaling-stroke"
      strokeDasharray={look.dash}
      className={look.stroke}
    />
  );
}

function Table({ lines, weeks }: Omit<LinePlotProps, "caption">) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 });
  return (
    <div className="overflow-x-auto">
      <table className="mt-2 w-full max-w-2xl border-collapse text-start">
        <thead>
          <tr className="border-b border-line text-sm text-quiet">
            <th scope="col" className="py-2 text-start font-semibold">
              {t("progress.weekOf")}
            </th>
            {lines.map((line) => (
              <th key={line.name} scope="col" className="py-2 ps-3 text-end font-semibold">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, place) => (
            <tr key={week} className="border-b border-line last:border-0">
              <th scope="row" className="py-2 text-start font-normal">
                <time dateTime={week}>{formatShortDay(week, i18n.language)}</time>
              </th>
              {lines.map((line) => {
                const value = line.values[place] ?? null;
                return (
                  <td
                    key={line.name}
                    className={clsx("py-2 ps-3 text-end tabular-nums", value === null && "text-quiet")}
                  >
                    {value === null ? "–" : number.format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
