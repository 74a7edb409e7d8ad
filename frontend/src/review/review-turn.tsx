import clsx from "clsx";
import { Bookmark, BookmarkCheck, Flag as FlagIcon, MessageSquarePlus, Play } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "@/i18n";
import type { Turn } from "@/lib/api";
import { formatOffset } from "@/lib/format";
import { IconButton } from "./icon-button";
import { piecesOf, type Span, toUnits } from "./places";
import type { Comment, Flag } from "./review-api";
import { TurnTimings } from "./turn-timings";

export interface TurnActions {
  /** Plays the turn; absent where there is no recording of it. */
  onPlay?: (() => void) | undefined;
  onComment: () => void;
  onFlag: () => void;
  onBookmark: () => void;
}

interface ReviewTurnProps extends TurnActions {
  turn: Turn;
  callStartedAt: string;
  comments: readonly Comment[];
  flags: readonly Flag[];
  bookmarked: boolean;
  /** Chosen by key or press: what the keys act on. */
  active: boolean;
  /** It is being heard at this moment. */
  heard: boolean;
  timings: boolean;
}

/** One turn with what can be done about it. */
export function ReviewTurn({
  turn,
  callStartedAt,
  comments,
  flags,
  bookmarked,
  active,
  heard,
  timings,
  ...actions
}: ReviewTurnProps) {
  const { t } = useTranslation();
  const learner = turn.role === "learner";
  return (
    <div
      className={clsx(
        "group rounded-xl border-s-4 py-1 ps-3 pe-1 sm:ps-4",
        learner ? "border-learner-vivid" : "border-coach",
        active && "bg-surface outline-2 outline-focus",
        heard && !active && "bg-coach-soft",
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3">
        <span className={clsx("font-semibold", learner ? "text-learner" : "text-coach")}>
          {t(learner ? "review.learner" : "review.coach")}
        </span>
        <time dateTime={turn.started_at} className="text-sm text-quiet tabular-nums">
          {formatOffset(callStartedAt, turn.started_at)}
        </time>
        {turn.input_kind === "text" && <span className="text-sm text-quiet">{t("transcript.typed")}</span>}
        {turn.interrupted && <span className="text-sm text-quiet">{t("transcript.interrupted")}</span>}
        {flags.map((flag) => (
          <span
            key={flag.id}
            className={clsx(
              "flex items-center gap-1 rounded-full px-2 text-sm font-semibold",
              flag.resolved_at ? "bg-sunken text-quiet" : "bg-learner-soft text-learner",
            )}
          >
            <FlagIcon aria-hidden className="size-3" />
            {t(`review.flag_${flag.kind}`)}
          </span>
        ))}
        <Actions bookmarked={bookmarked} active={active} {...actions} />
      </div>
      <TurnText turn={turn} comments={comments} playable={actions.onPlay !== undefined} />
      {timings && <TurnTimings turn={turn} />}
    </div>
  );
}

function Actions({
  bookmarked,
  active,
  onPlay,
  onComment,
  onFlag,
  onBookmark,
}: TurnActions & { bookmarked: boolean; active: boolean }) {
  const { t } = useTranslation();
  const Mark = bookmarked ? BookmarkCheck : Bookmark;
  const buttons = [
    ...(onPlay ? [{ label: t("review.play"), icon: Play, press: onPlay, testId: "turn-play" }] : []),
    { label: t("review.commentOn"), icon: MessageSquarePlus, press: onComment, testId: "turn-comment" },
    { label: t("review.flagTurn"), icon: FlagIcon, press: onFlag, testId: "turn-flag" },
    {
      label: t(bookmarked ? "review.removeBookmark" : "review.bookmarkTurn"),
      icon: Mark,
      press: onBookmark,
      testId: "turn-bookmark",
    },
  ];
  return (
    <span
      className={clsx(
        "ms-auto flex transition-opacity",
        !active && "sm:opacity-40 sm:group-focus-within:opacity-100 sm:group-hover:opacity-100",
      )}
    >
      {buttons.map(({ label, icon, press, testId }) => (
        <IconButton key={testId} icon={icon} label={label} data-testid={testId} onClick={press} />
      ))}
    </span>
  );
}

interface TurnTextProps {
  turn: Turn;
  comments: readonly Comment[];
  playable: boolean;
}

/** The words: each knows when it was said, and which comments are about it. */
function TurnText({ turn, comments, playable }: TurnTextProps) {
  const { t } = useTranslation();
  const pieces = useMemo(() => piecesOf(turn, commentedSpans(turn, comments)), [turn, comments]);
  return (
    <p
      dir="auto"
      translate="no"
      data-turn-text={turn.id}
      className="pb-1 text-[1.0625rem] break-words whitespace-pre-wrap"
    >
      {pieces.map((piece) => (
        <span
          key={piece.at}
          data-second={piece.second ?? undefined}
          title={piece.unsure ? t("transcript.unsure") : undefined}
          className={clsx(
            piece.second !== null && playable && "cursor-pointer rounded-sm hover:bg-learner-soft",
            piece.unsure && "underline decoration-quiet decoration-dotted underline-offset-4",
            piece.comments.length > 0 && "bg-learner-soft",
          )}
        >
          {piece.text}
        </span>
      ))}
    </p>
  );
}

function commentedSpans(turn: Turn, comments: readonly Comment[]): (Span & { id: string })[] {
  return comments.flatMap(({ id, parent_id, span_start, span_end }) =>
    parent_id === null && span_start !== null && span_end !== null
      ? [{ id, start: toUnits(turn.text, span_start), end: toUnits(turn.text, span_end) }]
      : [],
  );
}
