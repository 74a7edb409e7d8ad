import { useTranslation } from "@/i18n";
import type { Turn } from "@/lib/api";

const STAGES = [
  "end_of_turn_delay",
  "transcription_delay",
  "retrieval",
  "llm_first_token",
  "llm_first_sentence",
  "tts_first_byte",
  "playback_latency",
  "voice_to_voice",
] as const;

/** How long each stage of a turn took, as far as it is known. */
export function TurnTimings({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  const known = STAGES.flatMap((stage) => {
    const value = turn.timings[stage];
    return typeof value === "number" ? [{ stage, value: Math.round(value) }] : [];
  });
  if (known.length === 0 && turn.llm === null) return null;
  return (
    <dl data-testid="timings" className="flex flex-wrap gap-x-5 gap-y-1 pb-2 text-sm text-quiet">
      {known.map(({ stage, value }) => (
        <div key={stage} className="flex gap-1.5">
          <dt>{t(`review.timing_${stage}`)}</dt>
          <dd className="font-semibold text-ink tabular-nums">
            {t("review.milliseconds", { count: value })}
          </dd>
        </div>
      ))}
      {turn.llm !== null && (
        <div className="flex gap-1.5">
          <dt>{t("review.wordsBy")}</dt>
          <dd translate="no" className="font-semibold text-ink">
            {turn.llm}
          </dd>
        </div>
      )}
    </dl>
  );
}
