import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { buttonClass } from "@/components/button";
import { CallPlayer } from "@/components/call-player";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Empty, Skeleton } from "@/components/states";
import { TurnCorrections } from "@/corrections/turn-corrections";
import { useTranslation } from "@/i18n";
import type { Call } from "@/lib/api";
import { isMissing } from "@/lib/error-text";
import { formatMoment } from "@/lib/format";
import { callQuery, turnsQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { DeleteCall } from "@/privacy/delete-call";
import { ReportCard } from "@/report/report-card";
import { CommentsAt, ThreadFailure, useThread } from "./turn-comments";
import { TurnLine } from "./turn-line";
import { useHeard } from "./use-heard";
import { hasUnsureWords } from "./words";

const OPEN_AGAIN_MS = 3_000;

/** One call, word for word. */
export function TranscriptPage() {
  const { t, i18n } = useTranslation();
  const { callId } = useParams({ from: "/data/frame/signed-in/calls/$callId" });
  const call = useQuery({
    ...callQuery(callId),
    // One comes here from a call that was just hung up: its end, and then its report, follow in a moment.
    refetchInterval: (query) => (query.state.data?.state === "open" ? OPEN_AGAIN_MS : false),
  });
  const title = call.data
    ? t("transcript.title", { date: formatMoment(call.data.started_at, i18n.language) })
    : t("app.history");
  useTitle(title);

  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-6 sm:py-8">
      <Link to="/history" className={BACK_LINK}>
        <BackWords>{t("transcript.back")}</BackWords>
      </Link>
      {call.data ? (
        <>
          <h1 className="text-2xl font-bold sm:text-3xl">{title}</h1>
          {call.data.state === "closed" && <ReportCard callId={call.data.id} />}
          <Turns call={call.data} />
          <DeleteCall call={call.data} />
        </>
      ) : call.isError ? (
        <CallFailure error={call.error} busy={call.isFetching} onRetry={() => void call.refetch()} />
      ) : (
        <Skeleton rows={5} />
      )}
    </div>
  );
}

function CallFailure({ error, busy, onRetry }: { error: unknown; busy: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  if (isMissing(error))
    return <Empty level="h1" title={t("transcript.notFound")} body={t("transcript.notFoundBody")} />;
  return <Failure title={t("transcript.failed")} error={error} busy={busy} onRetry={onRetry} />;
}

function Turns({ call }: { call: Call }) {
  const { t } = useTranslation();
  const turns = useInfiniteQuery(turnsQuery(call.id));
  const { player, heard, follow, playFrom } = useHeard(call.id);
  const thread = useThread(call.id);
  if (turns.isPending) return <Skeleton rows={5} />;
  if (turns.data === undefined) {
    return (
      <Failure
        title={t("transcript.failed")}
        error={turns.error}
        busy={turns.isFetching}
        onRetry={() => void turns.refetch()}
      />
    );
  }
  const items = turns.data.pages.flatMap((page) => page.items);
  const comments = thread.data?.items ?? [];
  if (items.length === 0) {
    return (
      <p className="text-lg text-quiet">
        {t(call.state === "open" ? "transcript.emptyOpen" : "transcript.empty")}
      </p>
    );
  }
  return (
    <>
      <div className="sticky top-2 z-10 empty:hidden">
        <CallPlayer ref={player} callId={call.id} onTime={follow(items)} />
      </div>
      <ThreadFailure thread={thread} />
      <CommentsAt items={comments} />
      <ol aria-label={t("transcript.turns")} data-testid="turns" className="grid gap-5">
        {items.map((turn) => (
          <TurnLine
            key={turn.id}
            turn={turn}
            callStartedAt={call.started_at}
            onPlay={playFrom(turn)}
            heard={turn.id === heard}
          >
            {turn.role === "learner" && (
              <TurnCorrections callId={call.id} turnId={turn.id} reader="learner" />
            )}
            <CommentsAt items={comments} turn={turn} />
          </TurnLine>
        ))}
      </ol>
      <More list={turns} title={t("transcript.failed")} />
      {items.some(hasUnsureWords) && <p className="text-sm text-quiet">{t("transcript.unsureLegend")}</p>}
      <Link to="/" className={buttonClass("primary", "justify-self-center")}>
        {t("transcript.talkAgain")}
      </Link>
    </>
  );
}
