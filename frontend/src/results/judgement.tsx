import { useRef, useState } from "react";
import { CallPlayer, type PlayerHandle } from "@/components/call-player";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { Dials } from "./dials";
import { DimensionDetail } from "./dimension-detail";
import { Flags } from "./flags";
import { Honesty } from "./honesty";
import { NextLevel } from "./next-level";
import { Practise } from "./practise";
import { ReadinessSection } from "./readiness";
import type { Assessment, AttemptMarks, Dimension, Evidence } from "./results-api";
import { Sounds } from "./sounds";
import { Verdict } from "./verdict";
import { adviceWords, callsOf, refusalWords } from "./words";

interface JudgementProps {
  assessment: Assessment;
  marks: AttemptMarks;
}

/** What the machine heard in an exam, each score with what it rests on. */
export function Judgement({ assessment, marks }: JudgementProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Dimension | null>(null);
  const playable = assessment.sound === "kept";
  const players = useRef(new Map<string, PlayerHandle>());
  const shown = assessment.dimensions.find((one) => one.dimension === open);
  const play = ({ call_id, start_s, end_s }: Evidence) => {
    if (!call_id || typeof start_s !== "number") return;
    players.current.get(call_id)?.seekTo(start_s, typeof end_s === "number" ? { until: end_s } : {});
  };
  return (
    <>
      {assessment.refused ? (
        <RefusedWhole assessment={assessment} />
      ) : (
        <Verdict level={assessment.level} confidence={assessment.level_confidence} />
      )}
      <Flags flags={assessment.flags} notes={assessment.notes} />
      {assessment.dimensions.length > 0 && (
        <Dials scores={assessment.dimensions} marks={marks.items} open={open} onOpen={setOpen} />
      )}
      {/* The player stands where it is wanted: by the places that it plays. */}
      <div className={shown ? "grid gap-3" : "hidden"}>
        {shown && <DimensionDetail score={shown} marks={marks.items} playable={playable} onPlay={play} />}
        {playable &&
          callsOf(assessment).map((id) => (
            <CallPlayer
              key={id}
              callId={id}
              ref={(handle) => {
                if (handle) players.current.set(id, handle);
                else players.current.delete(id);
              }}
            />
          ))}
        {!playable && <p className="text-sm text-quiet">{t(`results.sound_${assessment.sound}`)}</p>}
      </div>
      <ReadinessSection items={assessment.readiness} target={marks.target_level} />
      <Sounds phones={assessment.phones} />
      {assessment.improvement && <NextLevel improvement={assessment.improvement} />}
      <Practise things={assessment.practise} />
      <Honesty assessment={assessment} mine={marks.mine} />
    </>
  );
}

function RefusedWhole({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation();
  if (!assessment.refused) return null;
  return (
    <Message tone="warning" title={t("results.notEnough")} testId="refused">
      <div className="grid gap-2">
        <p>{refusalWords(t, assessment.refused)}</p>
        <p>{adviceWords(t, assessment.refused)}</p>
      </div>
    </Message>
  );
}
