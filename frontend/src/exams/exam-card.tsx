import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ArrowRight, ChevronRight, Clock, ListChecks } from "lucide-react";
import { useTranslation } from "@/i18n";
import { Chip } from "@/lessons/parts";
import type { Exam } from "./exams-api";
import { examName } from "./words";

/** One exam in the list: from which level to which, how long, in how many parts. */
export function ExamCard({ exam, recommended }: { exam: Exam; recommended: boolean }) {
  const { t } = useTranslation();
  return (
    <Link
      to="/exams/$examKey"
      params={{ examKey: exam.key }}
      data-testid="exam"
      className={clsx(
        "flex h-full flex-col gap-3 rounded-card border bg-surface p-5 hover:border-primary",
        recommended ? "border-coach" : "border-line",
      )}
    >
      <span className="flex flex-wrap items-center justify-between gap-2">
        <Levels exam={exam} />
        {recommended && <Chip tone="coach">{t("exams.forYourLevel")}</Chip>}
      </span>
      <h2 className="font-display text-lg leading-tight font-semibold">{examName(t, exam)}</h2>
      <p className="grow text-quiet" lang="en" translate="no">
        {exam.description}
      </p>
      <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-quiet">
        <span className="flex items-center gap-1.5">
          <Clock aria-hidden className="size-4" />
          {t("exams.minutes", { count: exam.minutes })}
        </span>
        <span className="flex items-center gap-1.5">
          <ListChecks aria-hidden className="size-4" />
          {t("exams.parts", { count: exam.parts.length })}
        </span>
        <ChevronRight aria-hidden className="ms-auto size-5 shrink-0 rtl:-scale-x-100" />
      </span>
    </Link>
  );
}

/** From which level to which, large; its words stand in the title beside it. */
export function Levels({ exam }: { exam: Pick<Exam, "from_level" | "target_level"> }) {
  return (
    <span
      aria-hidden
      translate="no"
      className="flex items-center gap-1.5 font-display text-2xl font-bold text-coach"
    >
      {exam.from_level}
      <ArrowRight className="size-5 rtl:-scale-x-100" />
      {exam.target_level}
    </span>
  );
}
