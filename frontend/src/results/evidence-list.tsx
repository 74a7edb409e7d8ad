import { useQuery } from "@tanstack/react-query";
import { Minus, Play, Plus } from "lucide-react";
import { useTranslation } from "@/i18n";
import { formatClock } from "@/lib/format";
import { recordingQuery } from "@/lib/recording";
import type { Evidence } from "./results-api";

interface EvidenceListProps {
  pieces: readonly Evidence[];
  /** The recording was kept, so the places can be heard. */
  playable: boolean;
  onPlay: (piece: Evidence) => void;
}

/** The places that a score rests on: the learner's words, what they show, and hearing them. */
export function EvidenceList({ pieces, playable, onPlay }: EvidenceListProps) {
  const { t } = useTranslation();
  if (pieces.length === 0) return null;
  return (
    <div className="grid gap-2">
      <h4 className="font-semibold">{t("results.evidence")}</h4>
      <ul className="grid gap-3" data-testid="evidence">
        {pieces.map((piece) => (
          <Piece
            key={`${piece.turn_id} ${piece.start_s} ${piece.says}`}
            piece={piece}
            playable={playable}
            onPlay={() => onPlay(piece)}
          />
        ))}
      </ul>
    </div>
  );
}

interface PieceProps {
  piece: Evidence;
  playable: boolean;
  onPlay: () => void;
}

function Piece({ piece, playable, onPlay }: PieceProps) {
  const { t } = useTranslation();
  const Sign = piece.helps ? Plus : Minus;
  return (
    <li className="flex items-start gap-3">
      <span
        className={
          piece.helps
            ? "mt-0.5 grid size-6 shrink-0 place-items-center rounded-full bg-coach-soft text-coach"
            : "mt-0.5 grid size-6 shrink-0 place-items-center rounded-full bg-learner-soft text-learner"
        }
      >
        <Sign aria-hidden className="size-4" />
        <span className="sr-only">{t(piece.helps ? "results.helps" : "results.hinders")}</span>
      </span>
      <div className="grid min-w-0 grow gap-0.5">
        {piece.quote && (
          <blockquote lang="en" translate="no" className="text-[1.0625rem] break-words">
            “{piece.quote}”
          </blockquote>
        )}
        <p translate="no" className="text-sm text-quiet">
          {piece.says}
        </p>
      </div>
      {playable && piece.call_id && typeof piece.start_s === "number" && (
        <Hear callId={piece.call_id} seconds={piece.start_s} onPlay={onPlay} />
      )}
    </li>
  );
}

/** Only where there is something to hear. */
function Hear({ callId, seconds, onPlay }: { callId: string; seconds: number; onPlay: () => void }) {
  const { t } = useTranslation();
  const recording = useQuery(recordingQuery(callId)).data;
  if (recording?.state !== "ready") return null;
  return (
    <button
      type="button"
      onClick={onPlay}
      data-testid="hear-evidence"
      aria-label={t("results.hearAt", { place: formatClock(seconds) })}
      className="flex min-h-11 shrink-0 items-center gap-1.5 rounded-full px-3 text-sm font-semibold text-primary tabular-nums hover:bg-sunken"
    >
      <Play aria-hidden className="size-4" />
      {formatClock(seconds)}
    </button>
  );
}
