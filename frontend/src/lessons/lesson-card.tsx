import { Link } from "@tanstack/react-router";
import { ChevronRight, ClipboardCheck } from "lucide-react";
import { useTranslation } from "@/i18n";
import type { Lesson, Reason } from "./lessons-api";
import { Chip, Facts, StateChip } from "./parts";
import { dueWords, reasonWords } from "./words";

/** One lesson in a list, and why it is recommended where it is. */
export function LessonCard({ lesson, reason }: { lesson: Lesson; reason?: Reason }) {
  const { t, i18n } = useTranslation();
  return (
    <Link
      to="/lessons/$lessonId"
      params={{ lessonId: lesson.id }}
      data-testid="lesson"
      className="flex h-full items-center gap-3 rounded-card border border-line bg-surface p-4 hover:border-primary"
    >
      <div className="grid min-w-0 grow content-start gap-1.5 self-start">
        {reason && (
          <p className="text-sm font-semibold text-learner">{reasonWords(t, i18n.language, reason)}</p>
        )}
        <h3 className="font-display text-lg leading-tight font-semibold" lang="en" translate="no">
          {lesson.title}
        </h3>
        <p className="line-clamp-2 text-quiet" lang="en" translate="no">
          {lesson.goal}
        </p>
        <Facts lesson={lesson} />
        <div className="flex flex-wrap gap-2 empty:hidden">
          <StateChip lesson={lesson} />
          {lesson.assigned && reason?.code !== "assigned" && (
            <Chip tone="learner">
              <ClipboardCheck aria-hidden className="size-3.5" />
              {dueWords(t, i18n.language, lesson.due_on)}
            </Chip>
          )}
          {lesson.origin !== "installation" && <Chip>{t(`lessons.origin_${lesson.origin}`)}</Chip>}
        </div>
      </div>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-quiet rtl:-scale-x-100" />
    </Link>
  );
}
