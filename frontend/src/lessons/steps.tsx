import { Clock, Users } from "lucide-react";
import { useTranslation } from "@/i18n";
import type { LessonDetail, Step } from "./lessons-api";

/** What happens in the lesson, one step after the other. */
export function Steps({ lesson }: { lesson: LessonDetail }) {
  const { t } = useTranslation();
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("lessons.steps")}</h2>
      <ol className="grid gap-3">
        {lesson.lesson_steps.map((step, place) => (
          <li key={step.key} className="flex gap-3 rounded-card border border-line bg-surface p-4">
            <span
              aria-hidden
              className="grid size-8 shrink-0 place-items-center rounded-full bg-coach-soft font-display font-bold text-coach"
            >
              {place + 1}
            </span>
            <StepBody step={step} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepBody({ step }: { step: Step }) {
  const { t } = useTranslation();
  return (
    <div className="grid min-w-0 gap-1.5">
      <h3 className="font-display text-lg leading-tight font-semibold" lang="en" translate="no">
        {step.title}
      </h3>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm text-quiet">
        <span>{t(`lessons.step_${step.kind}`)}</span>
        <span className="flex items-center gap-1">
          <Clock aria-hidden className="size-3.5" />
          {t("lessons.minutes", { count: Math.max(1, Math.round(step.seconds / 60)) })}
        </span>
        {step.mode === "pair" && (
          <span className="flex items-center gap-1">
            <Users aria-hidden className="size-3.5" />
            {t("lessons.pair")}
          </span>
        )}
      </p>
      <p lang="en" translate="no">
        {step.instructions}
      </p>
      {step.learner_role && (
        <p className="text-sm">
          <span className="font-semibold">{t("lessons.yourRole")}</span>{" "}
          <span lang="en" translate="no">
            {step.learner_role}
          </span>
        </p>
      )}
      {step.criteria.length > 0 && (
        <div className="grid gap-1 text-sm">
          <p className="font-semibold">{t("lessons.criteria")}</p>
          <ul className="list-disc ps-5 text-quiet" lang="en" translate="no">
            {step.criteria.map((one) => (
              <li key={one.key}>{one.says}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
