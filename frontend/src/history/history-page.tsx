import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChartColumn, ChevronRight, Globe, Phone } from "lucide-react";
import { buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import type { Call } from "@/lib/api";
import { formatDay, formatTime, minutesBetween } from "@/lib/format";
import { callsQuery, defaultSessionQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { FromTeacher } from "./from-teacher";

/** Every call of the learner, newest first. */
export function HistoryPage() {
  const { t } = useTranslation();
  const session = useQuery(defaultSessionQuery);
  useTitle(t("history.title"));
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-8">
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("history.title")}</h1>
        <p className="text-lg text-quiet">{t("history.lead")}</p>
        <Link
          to="/progress"
          className="flex min-h-11 items-center gap-2 justify-self-start font-semibold text-primary underline"
        >
          <ChartColumn aria-hidden className="size-4" />
          {t("history.progress")}
        </Link>
      </header>
      <FromTeacher />
      {session.data ? (
        <Calls sessionId={session.data.id} />
      ) : session.isError ? (
        <Failure
          title={t("history.failed")}
          error={session.error}
          busy={session.isFetching}
          onRetry={() => void session.refetch()}
        />
      ) : (
        <Skeleton rows={4} />
      )}
    </div>
  );
}

function Calls({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const calls = useInfiniteQuery(callsQuery(sessionId));
  if (calls.isPending) return <Skeleton rows={4} />;
  if (calls.data === undefined) {
    return (
      <Failure
        title={t("history.failed")}
        error={calls.error}
        busy={calls.isFetching}
        onRetry={() => void calls.refetch()}
      />
    );
  }
  const items = calls.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <Empty
        title={t("history.empty")}
        body={t("history.emptyBody")}
        action={
          <Link to="/" className={buttonClass()}>
            {t("history.emptyAction")}
          </Link>
        }
      />
    );
  }
  return (
    <>
      <ol className="grid gap-3" data-testid="calls">
        {items.map((call) => (
          <li key={call.id}>
            <CallCard call={call} />
          </li>
        ))}
      </ol>
      <More list={calls} title={t("history.failed")} />
    </>
  );
}

function CallCard({ call }: { call: Call }) {
  const { t, i18n } = useTranslation();
  const minutes = minutesBetween(call.started_at, call.ended_at);
  const Channel = call.channel === "phone" ? Phone : Globe;
  return (
    <Link
      to="/calls/$callId"
      params={{ callId: call.id }}
      className="flex items-center gap-4 rounded-card border border-line bg-surface p-4 hover:border-primary"
    >
      <div className="grid min-w-0 grow gap-1">
        <time dateTime={call.started_at} className="font-display text-lg leading-tight font-semibold">
          {formatDay(call.started_at, i18n.language)}
        </time>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm text-quiet">
          <span>{formatTime(call.started_at, i18n.language)}</span>
          <span className="flex items-center gap-1">
            <Channel aria-hidden className="size-3.5" />
            {t(`history.channel_${call.channel}`)}
          </span>
          {minutes !== null && (
            <span>{minutes < 1 ? t("history.underMinute") : t("history.minutes", { count: minutes })}</span>
          )}
          <span>{t("history.turns", { count: call.turn_count })}</span>
          {call.state === "open" && (
            <span className="rounded-full bg-learner-soft px-2 font-semibold text-learner">
              {t("history.open")}
            </span>
          )}
        </p>
        <p dir="auto" className="truncate">
          {call.first_words ? (
            <span translate="no">{call.first_words}</span>
          ) : (
            <span className="text-quiet">{t("history.noWords")}</span>
          )}
        </p>
      </div>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-quiet rtl:-scale-x-100" />
    </Link>
  );
}
