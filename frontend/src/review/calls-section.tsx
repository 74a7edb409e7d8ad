import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bookmark, ChevronRight, MessageSquare } from "lucide-react";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatMoment, minutesBetween } from "@/lib/format";
import { LearnerMarks } from "./learner-marks";
import { learnerCallsQuery, type ReviewedCall } from "./review-api";

/** A learner's calls, the latest first. */
export function CallsSection({ learnerId }: { learnerId: string }) {
  const { t } = useTranslation();
  const calls = useInfiniteQuery(learnerCallsQuery(learnerId));
  const items = calls.data?.pages.flatMap((page) => page.items);
  return (
    <Section id="calls" title={t("review.callsTitle")}>
      {items ? (
        items.length === 0 ? (
          <p className="text-quiet">{t("review.callsEmpty")}</p>
        ) : (
          <>
            <ol className="grid divide-y divide-line" data-testid="calls">
              {items.map((one) => (
                <li key={one.call.id}>
                  <Line one={one} />
                </li>
              ))}
            </ol>
            <More list={calls} title={t("review.callsFailed")} />
          </>
        )
      ) : calls.isError ? (
        <Failure
          title={t("review.callsFailed")}
          error={calls.error}
          busy={calls.isFetching}
          onRetry={() => void calls.refetch()}
        />
      ) : (
        <Skeleton rows={3} />
      )}
    </Section>
  );
}

function Line({ one }: { one: ReviewedCall }) {
  const { t, i18n } = useTranslation();
  const { call } = one;
  const minutes = minutesBetween(call.started_at, call.ended_at);
  return (
    <Link
      to="/review/calls/$callId"
      params={{ callId: call.id }}
      className="-mx-2 flex items-center gap-3 rounded-xl px-2 py-3 hover:bg-sunken"
    >
      <span className="grid min-w-0 grow gap-1">
        <time dateTime={call.started_at} className="font-semibold">
          {formatMoment(call.started_at, i18n.language)}
        </time>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
          {call.state === "open" && (
            <span className="rounded-full bg-learner-soft px-2 font-semibold text-learner">
              {t("history.open")}
            </span>
          )}
          {minutes !== null && (
            <span>{minutes < 1 ? t("history.underMinute") : t("history.minutes", { count: minutes })}</span>
          )}
          <span>{t("history.turns", { count: call.turn_count })}</span>
          {one.comment_count > 0 && (
            <span className="flex items-center gap-1">
              <MessageSquare aria-hidden className="size-3.5" />
              {t("review.comments", { count: one.comment_count })}
            </span>
          )}
          {one.bookmarked && (
            <span className="flex items-center gap-1">
              <Bookmark aria-hidden className="size-3.5" />
              {t("review.bookmarked")}
            </span>
          )}
          <LearnerMarks flags={one.open_flags} answers={one.new_answers} />
        </span>
        {call.first_words && (
          <span dir="auto" translate="no" className="truncate">
            {call.first_words}
          </span>
        )}
      </span>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-quiet rtl:-scale-x-100" />
    </Link>
  );
}
