import { useQuery } from "@tanstack/react-query";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { ExamCard } from "./exam-card";
import { examsQuery } from "./exams-api";
import { History } from "./history";
import { NotOfficial } from "./honesty";
import { OpenExam } from "./open-exam";
import { recommended } from "./words";

/** The mock exams that there are, the one that is open, and those that were sat. */
export function ExamsPage() {
  const { t } = useTranslation();
  useTitle(t("exams.title"));
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-8 px-4 py-8">
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("exams.title")}</h1>
        <p className="text-lg text-quiet">{t("exams.lead")}</p>
      </header>
      <OpenExam />
      <Exams />
      <NotOfficial />
      <History />
    </div>
  );
}

function Exams() {
  const { t } = useTranslation();
  const level = useQuery(meQuery).data?.level;
  const exams = useQuery(examsQuery);
  if (exams.data === undefined) {
    if (!exams.isError) return <Skeleton rows={3} />;
    return (
      <Failure
        title={t("exams.failed")}
        error={exams.error}
        busy={exams.isFetching}
        onRetry={() => void exams.refetch()}
      />
    );
  }
  const { items } = exams.data;
  if (items.length === 0) return <Empty title={t("exams.none")} body={t("exams.noneBody")} />;
  const best = recommended(items, level);
  return (
    <section aria-label={t("exams.title")}>
      <ul className="grid gap-3 md:grid-cols-3" data-testid="exams">
        {items.map((exam) => (
          <li key={exam.key}>
            <ExamCard exam={exam} recommended={exam === best} />
          </li>
        ))}
      </ul>
    </section>
  );
}
