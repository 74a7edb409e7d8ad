import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Clock, ListChecks } from "lucide-react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";
import { Begin } from "./begin";
import { Levels } from "./exam-card";
import { type Exam, examsQuery } from "./exams-api";
import { NotOfficial } from "./honesty";
import { Judged, Parts } from "./parts";
import { examName } from "./words";

/** One mock exam: what awaits the learner, what is judged, and the way into it. */
export function ExamPage() {
  const { t } = useTranslation();
  const { examKey } = useParams({ from: "/data/frame/signed-in/exams/$examKey" });
  const exams = useQuery(examsQuery);
  const exam = exams.data?.items.find((one) => one.key === examKey);
  useTitle(t("exams.title"));
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-8">
      <Link to="/exams" className={BACK_LINK}>
        <BackWords>{t("exams.back")}</BackWords>
      </Link>
      {exam ? (
        <About exam={exam} />
      ) : exams.data ? (
        <Empty level="h1" title={t("exams.missing")} body={t("exams.missingBody")} />
      ) : exams.isError ? (
        <Failure
          title={t("exams.failed")}
          error={exams.error}
          busy={exams.isFetching}
          onRetry={() => void exams.refetch()}
        />
      ) : (
        <Skeleton rows={5} />
      )}
    </div>
  );
}

function About({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  return (
    <>
      <header className="grid gap-2">
        <Levels exam={exam} />
        <h1 className="text-3xl font-bold">{examName(t, exam)}</h1>
        <p className="text-lg text-quiet" lang="en" translate="no">
          {exam.description}
        </p>
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-quiet">
          <span className="flex items-center gap-1.5">
            <Clock aria-hidden className="size-4" />
            {t("exams.minutes", { count: exam.minutes })}
          </span>
          <span className="flex items-center gap-1.5">
            <ListChecks aria-hidden className="size-4" />
            {t("exams.parts", { count: exam.parts.length })}
          </span>
        </p>
      </header>
      <Begin exam={exam} />
      <Parts exam={exam} />
      <Judged exam={exam} />
      <section className="grid gap-2">
        <h2 className="text-xl font-semibold">{t("exams.honest")}</h2>
        <ul className="grid list-disc gap-1 ps-5">
          <li>{t("exams.honest_examiner")}</li>
          <li>{t("exams.honest_pauses")}</li>
          <li>{t("exams.honest_away")}</li>
          <li>{t("exams.honest_machine")}</li>
        </ul>
        <NotOfficial />
      </section>
    </>
  );
}
