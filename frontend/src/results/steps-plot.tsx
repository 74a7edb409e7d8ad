import { useTranslation } from "@/i18n";

const WIDTH = 160;
const HEIGHT = 56;
const EDGE = 6;

interface StepsProps {
  name: string;
  /** One an exam, the first on the left; null where it was not judged. */
  values: readonly (number | null)[];
  most: number;
  write: (value: number) => string;
}

/** One line over a few exams: the first and the last in words, the way between them as dots. */
export function Steps({ name, values, most, write }: StepsProps) {
  const { t } = useTranslation();
  const known = values.filter((value) => value !== null);
  const first = known[0];
  const last = known.at(-1);
  return (
    <figure className="grid h-full content-between gap-2 rounded-xl border border-line p-3">
      <figcaption className="grid">
        <span className="text-sm font-semibold">{name}</span>
        <span className="text-sm text-quiet tabular-nums">
          {first === undefined || last === undefined
            ? t("results.notJudged")
            : t("results.fromTo", { first: write(first), last: write(last) })}
        </span>
      </figcaption>
      <Line values={values} most={most} />
    </figure>
  );
}

/** Broken where an exam tells nothing. */
function Line({ values, most }: Pick<StepsProps, "values" | "most">) {
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  const places = values.map((value, place) =>
    value === null
      ? null
      : { x: EDGE + place * step, y: HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE) },
  );
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden className="w-full">
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} className="stroke-line" />
      {places.map((place, at) => {
        const next = places[at + 1];
        return place && next ? (
          <line
            key={place.x}
            x1={place.x}
            y1={place.y}
            x2={next.x}
            y2={next.y}
            strokeWidth="2.5"
            strokeLinecap="round"
            className="stroke-coach"
          />
        ) : null;
      })}
      {places.map(
        (place, at) =>
          place && (
            <circle
              key={place.x}
              cx={place.x}
              cy={place.y}
              r={at === places.length - 1 ? 4.5 : 3}
              className={at === places.length - 1 ? "fill-learner-vivid" : "fill-coach"}
            />
          ),
      )}
    </svg>
  );
}
