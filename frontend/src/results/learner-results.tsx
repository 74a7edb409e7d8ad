import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Hand } from "lucide-react";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { type Brief, historyQuery } from "./results-api";
import { levelWords } from "./words";

/** A learner's exams as their instructor finds them: what waits for a person first. */
export function LearnerResults({ learnerId }: { learnerId: string }) {
  const { t } = useTranslation();
  const history = useQuery(historyQuery(learnerId));
  const items = history.data?.items;
  if (items?.length === 0) return null;
  return (
    <Section id="results" title={t("results.exams")}>
      {items ? (
        <ul className="grid divide-y divide-line" data-testid="learner-results">
          {items.map((one) => (
            <li key={one.attempt_id} className="py-2 first:pt-0 last:pb-0">
              <Line one={one} />
            </li>
          ))}
        </ul>
      ) : history.isError ? (
        <Failure
          title={t("results.trendFailed")}
          error={history.error}
          busy={history.isFetching}
          onRetry={() => void history.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </Section>
  );
}

function Line({ one }: { one: Brief }) {
  const { t, i18n } = useTranslation();
  return (
    <article className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <Link
        to="/exams/attempts/$attemptId"
        params={{ attemptId: one.attempt_id }}
        className="flex min-h-11 min-w-0 items-center font-semibold text-primary hover:underline"
      >
        <span lang="en" translate="no" className="break-words">
          {one.title}
        </span>
      </Link>
      <time dateTime={one.taken_at} className="text-sm text-quiet">
        {formatMoment(one.taken_at, i18n.language)}
      </time>
      <span className="text-sm">
        {one.state !== "ready"
          ? t(`results.state_${one.state}`)
          : one.level
            ? levelWords(t, one.level)
            : t("results.notEnoughShort")}
      </span>
      {one.review_asked_at && (
        <span className="flex items-center gap-1.5 text-sm font-semibold text-learner">
          <Hand aria-hidden className="size-4 shrink-0" />
          {t("results.wantsReview")}
        </span>
      )}
    </article>
  );
}
