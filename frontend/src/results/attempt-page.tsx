import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { FileDown } from "lucide-react";
import { useState } from "react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isMissing } from "@/lib/error-text";
import { formatMoment } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { ForInstructor } from "./for-instructor";
import { ForLearner } from "./for-learner";
import { type Assessment, type AttemptMarks, assessmentQuery, marksQuery, pdfAddress } from "./results-api";

/** The result of one exam: the learner's own, or one that an instructor looks at. */
export function AttemptPage() {
  const { t } = useTranslation();
  const { attemptId } = useParams({ from: "/data/frame/signed-in/exams/attempts/$attemptId" });
  const marks = useQuery(marksQuery(attemptId));
  const assessment = useQuery(assessmentQuery(attemptId));
  useTitle(marks.data ? t("results.titleOf", { exam: marks.data.title }) : t("results.title"));
  const failed = marks.isError ? marks : assessment.isError ? assessment : null;
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-6 sm:py-8">
      {marks.data && assessment.data ? (
        <Loaded assessment={assessment.data} marks={marks.data} />
      ) : failed ? (
        <Refused error={failed.error} busy={failed.isFetching} onRetry={() => void failed.refetch()} />
      ) : (
        <Skeleton rows={5} />
      )}
    </div>
  );
}

function Loaded({ assessment, marks }: { assessment: Assessment; marks: AttemptMarks }) {
  const [revealed, setRevealed] = useState(() => !marks.may_mark || marks.items.some((mark) => mark.mine));
  return (
    <>
      <Head about={marks} ready={assessment.state === "ready" && revealed} />
      {marks.may_mark ? (
        <ForInstructor
          assessment={assessment}
          marks={marks}
          revealed={revealed}
          onReveal={() => setRevealed(true)}
        />
      ) : (
        <ForLearner assessment={assessment} marks={marks} />
      )}
    </>
  );
}

function Head({ about, ready }: { about: AttemptMarks; ready: boolean }) {
  const { t, i18n } = useTranslation();
  return (
    <header className="grid gap-2">
      {about.mine ? (
        <Link to="/exams" className={BACK_LINK}>
          <BackWords>{t("results.backToExams")}</BackWords>
        </Link>
      ) : (
        <Link to="/review/learners/$learnerId" params={{ learnerId: about.learner_id }} className={BACK_LINK}>
          <BackWords>
            <span translate="no">{about.learner_name}</span>
          </BackWords>
        </Link>
      )}
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          <h1 className="text-2xl font-bold break-words sm:text-3xl">
            {t("results.titleOf", { exam: about.title })}
          </h1>
          <p className="text-quiet">
            <time dateTime={about.sat_at}>{formatMoment(about.sat_at, i18n.language)}</time>
          </p>
        </div>
        {ready && (
          <a
            href={pdfAddress(about.attempt_id)}
            download
            className={buttonClass("secondary")}
            data-testid="pdf"
          >
            <FileDown aria-hidden className="size-4" />
            {t("results.pdf")}
          </a>
        )}
      </div>
    </header>
  );
}

function Refused({ error, busy, onRetry }: { error: unknown; busy: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  if (isMissing(error))
    return <Empty level="h1" title={t("results.missing")} body={t("results.missingBody")} />;
  return <Failure title={t("results.failed")} error={error} busy={busy} onRetry={onRetry} />;
}
