import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { Section } from "@/account/section";
import { useTranslation } from "@/i18n";
import { lessonQuery } from "@/lessons/lessons-api";
import type { Assessment } from "./results-api";
import { dimensionName } from "./words";

/** Three things to practise, with lessons to do it in. */
export function Practise({ things }: { things: Assessment["practise"] }) {
  const { t } = useTranslation();
  if (things.length === 0) return null;
  return (
    <Section id="practise" title={t("results.practise", { count: things.length })}>
      <ol className="grid gap-4" data-testid="practise">
        {things.map((thing, place) => (
          <li key={thing.says} className="flex gap-3">
            <span
              aria-hidden
              className="grid size-9 shrink-0 place-items-center rounded-full bg-coach-soft font-display font-bold text-coach"
            >
              {place + 1}
            </span>
            <div className="grid min-w-0 gap-1">
              <p className="text-sm font-semibold text-quiet">{t(dimensionName(thing.dimension))}</p>
              <p translate="no" className="break-words">
                {thing.says}
              </p>
              {thing.lesson_ids.map((id) => (
                <LessonLink key={id} lessonId={id} />
              ))}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** A lesson by its title; nothing where it is not there any more. */
function LessonLink({ lessonId }: { lessonId: string }) {
  const lesson = useQuery(lessonQuery(lessonId)).data;
  if (lesson === undefined) return null;
  return (
    <Link
      to="/lessons/$lessonId"
      params={{ lessonId }}
      className="flex min-h-11 items-center gap-2 justify-self-start font-semibold text-primary hover:underline"
    >
      <BookOpen aria-hidden className="size-4 shrink-0" />
      <span lang="en" translate="no">
        {lesson.title}
      </span>
    </Link>
  );
}
