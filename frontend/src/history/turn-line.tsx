import clsx from "clsx";
import { Keyboard, Play, Scissors } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import type { Turn } from "@/lib/api";
import { formatOffset } from "@/lib/format";
import { SourceChips } from "./source-chips";
import { piecesOf } from "./words";

interface TurnLineProps {
  turn: Turn;
  callStartedAt: string;
  /** Plays the recording from here, where the turn is in one. */
  onPlay?: (() => void) | undefined;
  /** It is what is heard just now. */
  heard?: boolean;
  /** What was written about it. */
  children?: ReactNode;
}

/** One turn: who, when, what, and how it came to be said. */
export function TurnLine({ turn, callStartedAt, onPlay, heard = false, children }: TurnLineProps) {
  const { t } = useTranslation();
  const learner = turn.role === "learner";
  return (
    <li
      data-role={turn.role}
      data-interrupted={turn.interrupted}
      data-typed={turn.input_kind === "text"}
      aria-current={heard || undefined}
      className={clsx(
        "grid gap-1 border-s-4 ps-4 transition-colors",
        learner ? "border-learner-vivid" : "border-coach",
        heard && (learner ? "bg-learner-soft" : "bg-coach-soft"),
      )}
    >
      <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className={clsx("font-semibold", learner ? "text-learner" : "text-coach")}>
          {learner ? t("talk.you") : t("talk.coach")}
        </span>
        <time dateTime={turn.started_at} className="text-quiet tabular-nums">
          {formatOffset(callStartedAt, turn.started_at)}
        </time>
        {onPlay && (
          <button
            type="button"
            onClick={onPlay}
            data-testid="play-turn"
            aria-label={t("recording.playTurn")}
            className="-my-3 grid size-11 place-items-center self-center rounded-full text-primary hover:bg-sunken"
          >
            <Play aria-hidden className="size-4" />
          </button>
        )}
        {turn.input_kind === "text" && (
          <span className="flex items-center gap-1 text-quiet">
            <Keyboard aria-hidden className="size-4 self-center" />
            {t("transcript.typed")}
          </span>
        )}
        {turn.interrupted && (
          <span className="flex items-center gap-1 text-quiet" title={t("transcript.interruptedHint")}>
            <Scissors aria-hidden className="size-3.5 self-center" />
            {t("transcript.interrupted")}
          </span>
        )}
      </p>
      <p dir="auto" translate="no" className="text-[1.0625rem] break-words whitespace-pre-wrap">
        {piecesOf(turn).map((piece) =>
          piece.unsure ? (
            <span
              key={piece.at}
              title={t("transcript.unsure")}
              className="underline decoration-quiet decoration-dotted underline-offset-4"
            >
              {piece.text}
            </span>
          ) : (
            piece.text
          ),
        )}
      </p>
      <SourceChips sources={turn.sources} />
      {children}
    </li>
  );
}
