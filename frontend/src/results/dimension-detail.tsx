import { useEffect, useRef } from "react";
import { useTranslation } from "@/i18n";
import { DETAIL_ID } from "./dials";
import { EvidenceList } from "./evidence-list";
import { GivenMark } from "./given-mark";
import { measureName, measureText } from "./measures";
import type { DimensionScore, Evidence, Mark } from "./results-api";
import { adviceWords, dimensionName, refusalWords } from "./words";

interface DimensionDetailProps {
  score: DimensionScore;
  marks: readonly Mark[];
  /** The recording was kept. */
  playable: boolean;
  onPlay: (piece: Evidence) => void;
}

/** What one of the five rests on: reasons, places in the record, figures. */
export function DimensionDetail({ score, marks, playable, onPlay }: DimensionDetailProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const { dimension } = score;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another dimension is another place on the page
  useEffect(() => {
    box.current?.scrollIntoView?.({ block: "nearest", behavior: "smooth" });
  }, [dimension]);
  const given = marks.filter((mark) => mark.dimension === dimension);
  return (
    <section
      ref={box}
      id={DETAIL_ID}
      aria-labelledby={`${DETAIL_ID}-title`}
      data-testid="detail"
      className="grid scroll-mt-4 gap-5 rounded-card border border-primary bg-surface p-4 sm:p-6"
    >
      <div className="grid gap-1">
        <h3 id={`${DETAIL_ID}-title`} className="text-lg font-semibold">
          {t(dimensionName(dimension))}
        </h3>
        <p className="max-w-prose text-quiet">{t(`results.means_${dimension}`)}</p>
      </div>
      {score.reasons.length > 0 && (
        <ul className="grid max-w-prose gap-2" data-testid="reasons">
          {score.reasons.map((reason) => (
            <li key={reason} translate="no" className="border-s-4 border-coach-soft ps-3">
              {reason}
            </li>
          ))}
        </ul>
      )}
      {score.refused && (
        <div className="grid max-w-prose gap-1" data-testid="dimension-refused">
          {score.reasons.length === 0 && <p className="font-semibold">{refusalWords(t, score.refused)}</p>}
          <p>{adviceWords(t, score.refused)}</p>
        </div>
      )}
      {given.length > 0 && (
        <ul className="grid gap-3" data-testid="given">
          {given.map((mark) => (
            <li key={mark.id}>
              <GivenMark mark={mark} />
            </li>
          ))}
        </ul>
      )}
      <EvidenceList pieces={score.evidence} playable={playable} onPlay={onPlay} />
      {score.measures.length > 0 && <Measures score={score} />}
    </section>
  );
}

function Measures({ score }: { score: DimensionScore }) {
  const { t, i18n } = useTranslation();
  return (
    <details data-testid="measures">
      <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
        {t("results.measures")}
      </summary>
      <dl className="mt-2 grid max-w-2xl gap-x-6 sm:grid-cols-2">
        {score.measures.map((measure) => (
          <div
            key={measure.name}
            className="flex items-baseline justify-between gap-4 border-b border-line py-1.5 text-[0.95rem]"
          >
            <dt className="min-w-0 break-words">{measureName(t, measure.name)}</dt>
            <dd className="shrink-0 tabular-nums" translate="no">
              {measureText(measure, i18n.language)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
