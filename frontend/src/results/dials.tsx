import clsx from "clsx";
import { ChevronDown, UserRound } from "lucide-react";
import { useTranslation } from "@/i18n";
import type { Dimension, DimensionScore, Mark } from "./results-api";
import { dimensionName, levelWords, MOST, scoreText, sureness } from "./words";

export const DETAIL_ID = "dimension-detail";

interface DialsProps {
  scores: readonly DimensionScore[];
  marks: readonly Mark[];
  open: Dimension | null;
  onOpen: (dimension: Dimension | null) => void;
}

/** The five, each a button that opens what it rests on. */
export function Dials({ scores, marks, open, onOpen }: DialsProps) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="dials-title" className="grid gap-3">
      <div className="grid gap-0.5">
        <h2 id="dials-title" className="text-xl font-semibold">
          {t("results.five")}
        </h2>
        <p className="text-quiet">{t("results.fiveLead")}</p>
      </div>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5" data-testid="dials">
        {scores.map((one) => (
          <li key={one.dimension} className="grid last:odd:max-sm:col-span-2">
            <Dial
              score={one}
              given={marks.filter((mark) => mark.dimension === one.dimension && mark.counts)}
              open={one.dimension === open}
              onToggle={() => onOpen(one.dimension === open ? null : one.dimension)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DialProps {
  score: DimensionScore;
  /** What people gave. */
  given: readonly Mark[];
  open: boolean;
  onToggle: () => void;
}

function Dial({ score: one, given, open, onToggle }: DialProps) {
  const { t, i18n } = useTranslation();
  const judged = typeof one.score === "number";
  return (
    <button
      type="button"
      onClick={onToggle}
      aria-expanded={open}
      aria-controls={open ? DETAIL_ID : undefined}
      data-testid={`dial-${one.dimension}`}
      className={clsx(
        "grid content-start justify-items-center gap-1 rounded-card border bg-surface p-3 text-center transition-colors",
        open ? "border-primary" : "border-line hover:border-primary",
      )}
    >
      <span className="font-semibold">{t(dimensionName(one.dimension))}</span>
      <Arc value={judged ? (one.score ?? 0) : null} marks={given.map((mark) => mark.score ?? 0)} />
      {judged ? (
        <>
          <span className="-mt-9 font-display text-2xl font-bold tabular-nums">
            {scoreText(one.score ?? 0, i18n.language)}
          </span>
          <span className="text-sm text-quiet">
            {t("results.outOf", { most: MOST })}
            {one.level && (
              <>
                {" · "}
                <span translate={one.level === "below_A1" ? undefined : "no"}>
                  {levelWords(t, one.level)}
                </span>
              </>
            )}
          </span>
          <span className="text-sm text-quiet">{t(`results.${sureness(one.confidence)}`)}</span>
        </>
      ) : (
        <span className="text-sm text-quiet">{t("results.notJudged")}</span>
      )}
      {given.map((mark) => (
        <span key={mark.id} className="flex items-center gap-1.5 text-sm font-semibold text-learner">
          <UserRound aria-hidden className="size-4 shrink-0" />
          {t("results.personGave", { score: scoreText(mark.score ?? 0, i18n.language) })}
        </span>
      ))}
      <ChevronDown
        aria-hidden
        className={clsx("size-5 text-primary transition-transform", open && "rotate-180")}
      />
    </button>
  );
}

const SIZE = 96;
const RADIUS = 40;
/** Half a circle, from left to right. */
const LENGTH = Math.PI * RADIUS;

/** Half a dial; the numbers beside it say the same. */
function Arc({ value, marks }: { value: number | null; marks: readonly number[] }) {
  const path = `M ${SIZE / 2 - RADIUS} 48 A ${RADIUS} ${RADIUS} 0 0 1 ${SIZE / 2 + RADIUS} 48`;
  return (
    <svg viewBox={`0 0 ${SIZE} 56`} aria-hidden className="h-14 w-24">
      <path
        d={path}
        fill="none"
        strokeWidth="9"
        strokeLinecap="round"
        className="stroke-sunken"
        strokeDasharray={value === null ? "3 7" : undefined}
      />
      {value !== null && value > 0 && (
        <path
          d={path}
          fill="none"
          strokeWidth="9"
          strokeLinecap="round"
          strokeDasharray={`${(value / MOST) * LENGTH} ${LENGTH}`}
          className="stroke-coach"
        />
      )}
      {marks.map((mark, place) => {
        const angle = Math.PI * (1 - mark / MOST);
        const at = (radius: number) => [SIZE / 2 + radius * Math.cos(angle), 48 - radius * Math.sin(angle)];
        const [x, y] = at(RADIUS);
        return (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: two people may give the same
            key={place}
            cx={x}
            cy={y}
            r="5"
            strokeWidth="2"
            className="fill-learner-vivid stroke-surface"
          />
        );
      })}
    </svg>
  );
}
