import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isForbidden, isMissing } from "@/lib/error-text";
import { formatMoment } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { CallDesk } from "./call-desk";
import { NotForLearners } from "./refusals";
import { callReviewQuery } from "./review-api";

/** One call of a learner: read, heard, and written about. */
export function CallPage() {
  const { t, i18n } = useTranslation();
  const { callId } = useParams({ from: "/data/frame/signed-in/review/calls/$callId" });
  const review = useQuery(callReviewQuery(callId));
  const title = review.data
    ? t("review.callTitle", { date: formatMoment(review.data.call.started_at, i18n.language) })
    : t("review.title");
  useTitle(title);
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 py-6 sm:py-8">
      {review.data ? (
        <>
          <header className="grid gap-1">
            <Link
              to="/review/learners/$learnerId"
              params={{ learnerId: review.data.learner_id }}
              className={BACK_LINK}
            >
              <BackWords>{t("review.backToLearner", { name: review.data.learner_name })}</BackWords>
            </Link>
            <h1 className="text-2xl font-bold sm:text-3xl">{title}</h1>
            <p className="text-lg break-words text-quiet">
              {t("review.callWith", { name: review.data.learner_name })}
            </p>
          </header>
          <CallDesk review={review.data} />
        </>
      ) : review.isError ? (
        <Refused error={review.error} busy={review.isFetching} onRetry={() => void review.refetch()} />
      ) : (
        <Skeleton rows={5} />
      )}
    </div>
  );
}

function Refused({ error, busy, onRetry }: { error: unknown; busy: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  if (isForbidden(error)) return <NotForLearners />;
  if (isMissing(error))
    return <Empty level="h1" title={t("review.callNotFound")} body={t("review.callNotFoundBody")} />;
  return <Failure title={t("review.callFailed")} error={error} busy={busy} onRetry={onRetry} />;
}
