import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { type Attempt, attemptsQuery, judgedQuery } from "./exams-api";
import { examName, outcomeWords } from "./words";

/** The exams that the learner sat, newest first, with what became of each. */
export function History() {
  const { t } = useTranslation();
  return (
    <section className="grid gap-4">
      <h2 className="text-2xl font-semibold">{t("exams.history")}</h2>
      <Attempts />
    </section>
  );
}

function Attempts() {
  const { t } = useTranslation();
  const attempts = useInfiniteQuery(attemptsQuery);
  if (attempts.data === undefined) {
    if (!attempts.isError) return <Skeleton rows={2} />;
    return (
      <Failure
        title={t("exams.historyFailed")}
        error={attempts.error}
        busy={attempts.isFetching}
        onRetry={() => void attempts.refetch()}
      />
    );
  }
  const items = attempts.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="text-quiet">{t("exams.noneSat")}</p>;
  return (
    <>
      <ul className="grid gap-2" data-testid="attempts">
        {items.map((attempt) => (
          <li key={attempt.id}>
            <Sat attempt={attempt} />
          </li>
        ))}
      </ul>
      <More list={attempts} title={t("exams.historyFailed")} />
    </>
  );
}

function Sat({ attempt }: { attempt: Attempt }) {
  const { t, i18n } = useTranslation();
  const judged = useQuery(judgedQuery).data?.get(attempt.id);
  const hasResult = attempt.state === "finished" || judged !== undefined;
  const at = attempt.started_at ?? attempt.created_at;
  const row = (
    <>
      <span className="flex min-w-0 grow flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="grid min-w-0">
          <span className="font-semibold">{examName(t, attempt)}</span>
          <span className="text-sm text-quiet">
            <time dateTime={at}>{formatMoment(at, i18n.language)}</time>
            {attempt.extra_time_percent > 0 && (
              <> · {t("exams.withExtraTime", { percent: attempt.extra_time_percent })}</>
            )}
          </span>
        </span>
        <span className={judged?.level ? "font-semibold text-coach" : "text-quiet"}>
          {outcomeWords(t, attempt, judged)}
        </span>
      </span>
      {hasResult && <ChevronRight aria-hidden className="size-5 shrink-0 text-quiet rtl:-scale-x-100" />}
    </>
  );
  const shape = "flex items-center gap-3 rounded-card border border-line bg-surface p-4";
  if (!hasResult) return <div className={shape}>{row}</div>;
  return (
    <Link
      to="/exams/attempts/$attemptId"
      params={{ attemptId: attempt.id }}
      className={`${shape} hover:border-primary`}
    >
      {row}
    </Link>
  );
}
