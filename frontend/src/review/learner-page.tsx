import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { LearnerExtraTime } from "@/exams/later";
import { useTranslation } from "@/i18n";
import { LearnerLessons } from "@/lessons/learner-lessons";
import { isForbidden, isMissing } from "@/lib/error-text";
import { formatDay } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { LearnerResults } from "@/results/learner-results";
import { AssignmentsSection } from "./assignments-section";
import { CallsSection } from "./calls-section";
import { LearnerMarks } from "./learner-marks";
import { ProgressSection } from "./progress-section";
import { NotForLearners } from "./refusals";
import { type LearnerProfile, learnerQuery } from "./review-api";

/** One learner: how they get on, their calls, what they were asked to practise. */
export function LearnerPage() {
  const { t } = useTranslation();
  const { learnerId } = useParams({ from: "/data/frame/signed-in/review/learners/$learnerId" });
  const profile = useQuery(learnerQuery(learnerId));
  const name = profile.data?.learner.name;
  useTitle(name ? t("review.backToLearner", { name }) : t("review.name"));
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-6 px-4 py-6 sm:py-8">
      <Link to="/review" className={BACK_LINK}>
        <BackWords>{t("review.back")}</BackWords>
      </Link>
      {profile.data ? (
        <Whole profile={profile.data} />
      ) : profile.isError ? (
        <Refused error={profile.error} busy={profile.isFetching} onRetry={() => void profile.refetch()} />
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
    return <Empty level="h1" title={t("review.learnerNotFound")} body={t("review.learnerNotFoundBody")} />;
  return <Failure title={t("review.learnerFailed")} error={error} busy={busy} onRetry={onRetry} />;
}

function Whole({ profile }: { profile: LearnerProfile }) {
  const { learner } = profile;
  return (
    <>
      <Head profile={profile} />
      <ProgressSection learnerId={learner.id} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <CallsSection learnerId={learner.id} />
        <AssignmentsSection learnerId={learner.id} />
      </div>
      <LearnerResults learnerId={learner.id} />
      <LearnerExtraTime learnerId={learner.id} />
      <LearnerLessons learnerId={learner.id} />
    </>
  );
}

function Head({ profile }: { profile: LearnerProfile }) {
  const { t, i18n } = useTranslation();
  const { learner, programs, native_language, joined_at } = profile;
  return (
    <header className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h1 translate="no" dir="auto" className="text-3xl font-bold break-words sm:text-4xl">
          {learner.name}
        </h1>
        <LearnerMarks flags={learner.open_flags} answers={learner.new_answers} />
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Fact label={t("review.level")}>
          <span translate="no">{learner.level}</span>
        </Fact>
        {native_language && (
          <Fact label={t("review.speaks")}>
            <span translate="no">{languageName(native_language, i18n.language)}</span>
          </Fact>
        )}
        <Fact label={t("review.programs")}>
          {programs.length === 0 ? (
            t("review.noProgram")
          ) : (
            <span translate="no">{programs.map((program) => program.name).join(", ")}</span>
          )}
        </Fact>
        <Fact label={t("review.joined")}>
          <time dateTime={joined_at}>{formatDay(joined_at, i18n.language)}</time>
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-quiet">{label}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
