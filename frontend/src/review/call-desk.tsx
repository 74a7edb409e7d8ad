import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Bookmark, BookmarkCheck, Keyboard, Timer } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { CallPlayer, type PlayerHandle } from "@/components/call-player";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Skeleton } from "@/components/states";
import { TurnCorrections } from "@/corrections/turn-corrections";
import { useTranslation } from "@/i18n";
import type { Turn } from "@/lib/api";
import { formatOffset } from "@/lib/format";
import { placeOf, recordingQuery } from "@/lib/recording";
import { Composer } from "./composer";
import { ExportSection } from "./export-section";
import { FlagForm } from "./flag-form";
import { FlagsSection } from "./flags-section";
import { ListenIn } from "./listen-in";
import { NotesSection } from "./notes-section";
import { type Span, selectedSpan, toCodePoints, toUnits } from "./places";
import { type CallReview, type Comment, callReviewQuery, reviewApi, reviewTurnsQuery } from "./review-api";
import { ReviewTurn } from "./review-turn";
import { ShortcutsHelp } from "./shortcuts-help";
import { Thread } from "./thread";
import { type TranscriptHandle, TranscriptView } from "./transcript-view";
import { useShortcuts } from "./use-shortcuts";
import { useTurns } from "./use-turns";
import { refusalWords } from "./words";

/** What is being written: on which turn, and on which part of it. */
interface Writing {
  what: "comment" | "flag";
  turnId: string;
  span: Span | null;
}

/** A call's transcript beside its recording, with everything written about it. */
export function CallDesk({ review }: { review: CallReview }) {
  const { t } = useTranslation();
  const { call } = review;
  const queries = useQueryClient();
  const { pages, turns } = useTurns(call.id);
  const recording = useQuery(recordingQuery(call.id)).data;
  const player = useRef<PlayerHandle>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const [active, setActive] = useState<number | null>(null);
  const [heard, setHeard] = useState<{ second: number; playing: boolean }>({ second: 0, playing: false });
  const [writing, setWriting] = useState<Writing | null>(null);
  const [flagging, setFlagging] = useState(false);
  const [timings, setTimings] = useState(false);
  const [helping, setHelping] = useState(false);
  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: callReviewQuery(call.id).queryKey }),
    [queries, call.id],
  );
  useAnswersRead(review);
  useFollowing(review);

  const all = turns ?? [];
  const places = useMemo(() => (turns ?? []).map((turn) => placeOf(turn, recording)), [turns, recording]);
  const heardAt = heard.playing
    ? places.findIndex((place) => place !== null && place.start <= heard.second && heard.second < place.end)
    : -1;
  const marks = useMemo(() => {
    const commented = new Set(review.comments.map((comment) => comment.turn_id));
    return (turns ?? []).flatMap((turn, index) => {
      const place = places[index];
      return place && commented.has(turn.id) ? [place.start] : [];
    });
  }, [review.comments, turns, places]);

  const show = useCallback((index: number) => {
    setActive(index);
    transcript.current?.show(index);
  }, []);
  const showTurn = (turnId: string) => {
    const index = all.findIndex((turn) => turn.id === turnId);
    if (index !== -1) show(index);
  };
  useAskedTurn(turns, show);

  const step = (by: number) => {
    if (all.length > 0) show(Math.min(all.length - 1, Math.max(0, (active ?? (by > 0 ? -1 : 0)) + by)));
  };
  const play = (index: number) => {
    const place = places[index];
    setActive(index);
    if (place) player.current?.seekTo(place.start, { until: place.end });
  };
  const playWord = (turnId: string, second: number) => {
    const index = all.findIndex((turn) => turn.id === turnId);
    const place = places[index];
    setActive(index);
    if (place) player.current?.seekTo(place.start + second);
  };
  const write = (what: Writing["what"], index: number) => {
    const turn = all[index];
    if (turn === undefined) return;
    const text = document.querySelector<HTMLElement>(`[data-turn-text="${turn.id}"]`);
    setActive(index);
    setWriting({ what, turnId: turn.id, span: what === "comment" && text ? selectedSpan(text) : null });
  };
  const markedIn = (turnId: string | null) => review.bookmarks.find((one) => one.turn_id === turnId);
  const bookmark = useChange(async (turnId: string | null) => {
    const kept = markedIn(turnId);
    if (kept) await reviewApi.removeBookmark(kept.id);
    else await reviewApi.bookmark(call.id, turnId);
  }, refresh);
  const onActive = (act: (index: number) => void) => () => {
    if (active !== null) act(active);
  };
  useShortcuts({
    " ": () => (heard.playing ? player.current?.pause() : player.current?.seekTo(heard.second)),
    j: () => step(1),
    k: () => step(-1),
    p: onActive(play),
    c: onActive((index) => write("comment", index)),
    f: onActive((index) => write("flag", index)),
    b: onActive((index) => bookmark.mutate(all[index]?.id ?? null)),
    t: () => setTimings(!timings),
    "?": () => setHelping(true),
  });

  const drawTurn = (turn: Turn, index: number) => {
    const about = review.comments.filter((comment) => comment.turn_id === turn.id);
    return (
      <>
        <ReviewTurn
          turn={turn}
          callStartedAt={call.started_at}
          comments={about}
          flags={review.flags.filter((flag) => flag.turn_id === turn.id)}
          bookmarked={markedIn(turn.id) !== undefined}
          active={index === active}
          heard={index === heardAt}
          timings={timings}
          onPlay={places[index] ? () => play(index) : undefined}
          onComment={() => write("comment", index)}
          onFlag={() => write("flag", index)}
          onBookmark={() => {
            setActive(index);
            bookmark.mutate(turn.id);
          }}
        />
        {turn.role === "learner" && (
          <div className="ps-4 empty:hidden">
            <TurnCorrections callId={call.id} turnId={turn.id} reader="teacher" />
          </div>
        )}
        <Threads turn={turn} comments={about} />
        {writing?.turnId === turn.id && (
          <WritingBox
            key={`${writing.what} ${writing.span?.start}`}
            turn={turn}
            callId={call.id}
            writing={writing}
            onDone={() => {
              setWriting(null);
              void refresh();
            }}
            onCancel={() => setWriting(null)}
          />
        )}
      </>
    );
  };

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <aside className="grid gap-4 lg:sticky lg:top-0 lg:z-10 lg:order-2 lg:bg-ground lg:py-4">
        <CallPlayer
          ref={player}
          callId={call.id}
          marks={marks}
          onTime={(second, playing) => setHeard({ second, playing })}
        />
        {call.state === "open" && <ListenIn callId={call.id} onOver={refresh} />}
        <div className="flex flex-wrap gap-2">
          <Toggle
            pressed={timings}
            icon={Timer}
            onPress={() => setTimings(!timings)}
            label={t("review.timings")}
          />
          <Toggle
            pressed={markedIn(null) !== undefined}
            icon={markedIn(null) ? BookmarkCheck : Bookmark}
            onPress={() => bookmark.mutate(null)}
            label={t("review.bookmarkCall")}
          />
          <Button look="secondary" onClick={() => setHelping(true)} className="max-lg:hidden">
            <Keyboard aria-hidden className="size-4" />
            {t("review.shortcuts")}
          </Button>
        </div>
        {bookmark.isError && <Message tone="danger">{refusalWords(t, bookmark.error)}</Message>}
      </aside>
      <section aria-labelledby="transcript-title" className="grid min-w-0 gap-4 lg:row-span-2">
        <h2 id="transcript-title" className="text-xl font-semibold">
          {t("review.transcript")}
        </h2>
        {turns === undefined ? (
          pages.isError ? (
            <Failure
              title={t("review.turnsFailed")}
              error={pages.error}
              busy={pages.isFetching}
              onRetry={() => void pages.refetch()}
            />
          ) : (
            <Skeleton rows={5} />
          )
        ) : turns.length === 0 ? (
          <p className="text-quiet">
            {t(call.state === "open" ? "review.turnsEmptyOpen" : "review.turnsEmpty")}
          </p>
        ) : (
          <TranscriptView
            ref={transcript}
            turns={turns}
            active={active}
            heard={heardAt === -1 ? null : heardAt}
            onWord={playWord}
          >
            {drawTurn}
          </TranscriptView>
        )}
        {pages.isFetchNextPageError && (
          <Failure
            title={t("review.turnsFailed")}
            error={pages.error}
            onRetry={() => void pages.fetchNextPage()}
          />
        )}
      </section>
      <div className="grid gap-4 lg:order-3">
        <NotesSection review={review} onChanged={refresh} />
        <FlagsSection
          callId={call.id}
          flags={review.flags}
          flagging={flagging}
          onFlagging={setFlagging}
          timeOf={(turnId) => {
            const turn = all.find((one) => one.id === turnId);
            return turn ? formatOffset(call.started_at, turn.started_at) : null;
          }}
          onShow={showTurn}
        />
        <ExportSection callId={call.id} />
      </div>
      {helping && <ShortcutsHelp onClose={() => setHelping(false)} />}
    </div>
  );
}

/** Opening the call is reading what the learner answered. */
function useAnswersRead(review: CallReview): void {
  const callId = review.call.id;
  const unread = review.comments.some((comment) => comment.by_learner && comment.new);
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (!unread || told.current === callId) return;
    told.current = callId;
    void reviewApi.answersRead(callId).catch(() => {
      told.current = null;
    });
  }, [unread, callId]);
}

/** Of a call that goes on, what was said since is asked for; of one that has ended, the recording. */
function useFollowing({ call }: CallReview): void {
  const queries = useQueryClient();
  const { id, state, turn_count } = call;
  const seen = useRef({ state, turn_count });
  useEffect(() => {
    const before = seen.current;
    seen.current = { state, turn_count };
    if (turn_count !== before.turn_count)
      void queries.invalidateQueries({ queryKey: reviewTurnsQuery(id).queryKey });
    if (state !== before.state) void queries.invalidateQueries({ queryKey: recordingQuery(id).queryKey });
  }, [queries, id, state, turn_count]);
}

/** The turn that the address names (`?turn=`) is shown once it is there. */
function useAskedTurn(turns: Turn[] | undefined, show: (index: number) => void): void {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const asked = typeof search.turn === "string" ? search.turn : null;
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (asked === null || shown.current === asked) return;
    const index = turns?.findIndex((turn) => turn.id === asked) ?? -1;
    if (index === -1) return;
    shown.current = asked;
    show(index);
  }, [asked, turns, show]);
}

interface ToggleProps {
  pressed: boolean;
  icon: typeof Timer;
  label: string;
  onPress: () => void;
}

function Toggle({ pressed, icon: Icon, label, onPress }: ToggleProps) {
  return (
    <Button
      look="secondary"
      aria-pressed={pressed}
      onClick={onPress}
      className={pressed ? "border-primary bg-coach-soft" : undefined}
    >
      <Icon aria-hidden className="size-4" />
      {label}
    </Button>
  );
}

/** The words of a turn that a comment is about. */
function quoteOf(turn: Turn, comment: Comment): string | undefined {
  if (comment.span_start === null || comment.span_end === null) return undefined;
  return turn.text.slice(toUnits(turn.text, comment.span_start), toUnits(turn.text, comment.span_end));
}

function Threads({ turn, comments }: { turn: Turn; comments: readonly Comment[] }) {
  const roots = comments.filter((comment) => comment.parent_id === null);
  if (roots.length === 0) return null;
  return (
    <div className="ms-4 grid gap-2">
      {roots.map((root) => (
        <Thread
          key={root.id}
          comment={root}
          answers={comments.filter((comment) => comment.parent_id === root.id)}
          quote={quoteOf(turn, root)}
        />
      ))}
    </div>
  );
}

interface WritingBoxProps {
  turn: Turn;
  callId: string;
  writing: Writing;
  onDone: () => void;
  onCancel: () => void;
}

function WritingBox({ turn, callId, writing, onDone, onCancel }: WritingBoxProps) {
  const { t } = useTranslation();
  const { span } = writing;
  if (writing.what === "flag")
    return <FlagForm callId={callId} turnId={turn.id} onDone={onDone} onCancel={onCancel} />;
  const place = span
    ? { span_start: toCodePoints(turn.text, span.start), span_end: toCodePoints(turn.text, span.end) }
    : {};
  return (
    <Composer
      label={t(span ? "review.commentOnPart" : "review.commentOn")}
      action={t("review.commentSend")}
      quote={span ? turn.text.slice(span.start, span.end) : undefined}
      send={(text) => reviewApi.comment(callId, { text, turn_id: turn.id, ...place })}
      onSent={onDone}
      onCancel={onCancel}
    />
  );
}
