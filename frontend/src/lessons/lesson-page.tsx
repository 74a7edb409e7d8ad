import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ClipboardCheck } from "lucide-react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isMissing } from "@/lib/error-text";
import { useTitle } from "@/lib/title";
import { Begin } from "./begin";
import { type LessonDetail, lessonQuery } from "./lessons-api";
import { Chip, Facts, MasteryBar, StateChip } from "./parts";
import { Result } from "./result";
import { Steps } from "./steps";
import { Visuals } from "./visuals";
import { Phrases, Vocabulary } from "./wordlists";
import { dueWords } from "./words";

/** One lesson: what it is for, what happens in it, and the button that begins it. */
export function LessonPage() {
  const { t } = useTranslation();
  const { lessonId } = useParams({ from: "/data/frame/signed-in/lessons/$lessonId" });
  const lesson = useQuery(lessonQuery(lessonId));
  useTitle(t("lessons.title"));
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-8">
      <Link to="/lessons" className={BACK_LINK}>
        <BackWords>{t("lessons.back")}</BackWords>
      </Link>
      {lesson.data ? (
        <Lesson lesson={lesson.data} />
      ) : isMissing(lesson.error) ? (
        <Empty level="h1" title={t("lessons.missing")} body={t("lessons.missingBody")} />
      ) : lesson.isError ? (
        <Failure
          title={t("lessons.lessonFailed")}
          error={lesson.error}
          busy={lesson.isFetching}
          onRetry={() => void lesson.refetch()}
        />
      ) : (
        <Skeleton rows={5} />
      )}
    </div>
  );
}

function Lesson({ lesson }: { lesson: LessonDetail }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <header className="grid gap-3">
        <div className="grid gap-1.5">
          <h1 className="text-3xl font-bold" lang="en" translate="no">
            {lesson.title}
          </h1>
          <p className="text-lg" lang="en" translate="no">
            {lesson.goal}
          </p>
        </div>
        <Facts lesson={lesson} />
        <div className="flex flex-wrap gap-2 empty:hidden">
          <StateChip lesson={lesson} />
          {lesson.assigned && (
            <Chip tone="learner">
              <ClipboardCheck aria-hidden className="size-3.5" />
              {dueWords(t, i18n.language, lesson.due_on)}
            </Chip>
          )}
          <Chip>{t(`lessons.task_${lesson.task}`)}</Chip>
          {lesson.exam_tags.map((tag) => (
            <Chip key={tag}>
              {t("lessons.exam")}
              <span lang="en" translate="no">
                {tag.replaceAll("-", " ")}
              </span>
            </Chip>
          ))}
        </div>
      </header>
      <Begin lesson={lesson} />
      {lesson.attempt && lesson.attempt.state !== "open" && <Result attempt={lesson.attempt} />}
      <Steps lesson={lesson} />
      <Visuals visuals={lesson.visuals} />
      <Phrases phrases={lesson.phrases} />
      <Vocabulary items={lesson.vocabulary} />
      <Objectives lesson={lesson} />
    </>
  );
}

function Objectives({ lesson }: { lesson: LessonDetail }) {
  const { t } = useTranslation();
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("lessons.serves")}</h2>
      <ul className="grid gap-4 rounded-card border border-line bg-surface p-4">
        {lesson.objectives.map((objective) => (
          <li key={objective.key} className="grid gap-1.5">
            <p>
              <span lang="en" translate="no">
                {objective.can_do}
              </span>{" "}
              <span className="text-sm text-quiet">{t(`lessons.skill_${objective.skill}`)}</span>
            </p>
            <MasteryBar objective={objective} />
          </li>
        ))}
      </ul>
    </section>
  );
}
