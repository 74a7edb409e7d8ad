import clsx from "clsx";
import { CircleCheck, CirclePlay, Clock, type LucideIcon, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import type { Lesson, LessonState, Objective } from "./lessons-api";

/** A small word in a frame. */
export function Chip({
  children,
  tone = "plain",
}: {
  children: ReactNode;
  tone?: "plain" | "coach" | "learner";
}) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-sm font-semibold",
        tone === "plain" && "bg-sunken text-quiet",
        tone === "coach" && "bg-coach-soft text-coach",
        tone === "learner" && "bg-learner-soft text-learner",
      )}
    >
      {children}
    </span>
  );
}

const STATES: Record<
  Exclude<LessonState, "new">,
  { icon: LucideIcon; tone: "coach" | "learner" | "plain" }
> = {
  open: { icon: CirclePlay, tone: "learner" },
  started: { icon: RotateCcw, tone: "plain" },
  completed: { icon: CircleCheck, tone: "coach" },
};

/** Where the learner stands with a lesson; nothing for a new one. */
export function StateChip({ lesson }: { lesson: Pick<Lesson, "state" | "steps" | "steps_done"> }) {
  const { t } = useTranslation();
  if (lesson.state === "new") return null;
  const { icon: Icon, tone } = STATES[lesson.state];
  return (
    <Chip tone={tone}>
      <Icon aria-hidden className="size-3.5" />
      {t(`lessons.state_${lesson.state}`, { done: lesson.steps_done, steps: lesson.steps })}
    </Chip>
  );
}

/** Level, time and topic in a line. */
export function Facts({ lesson }: { lesson: Pick<Lesson, "level" | "minutes" | "topic" | "kind"> }) {
  const { t } = useTranslation();
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
      <span className="font-display font-bold text-ink" translate="no">
        {lesson.level}
      </span>
      <span className="flex items-center gap-1">
        <Clock aria-hidden className="size-3.5" />
        {t("lessons.minutes", { count: lesson.minutes })}
      </span>
      <span lang="en" translate="no">
        {lesson.topic}
      </span>
      {lesson.kind !== "lesson" && <span>{t(`lessons.kind_${lesson.kind}`)}</span>}
    </p>
  );
}

/** How well an objective is mastered, as a bar with its words. */
export function MasteryBar({ objective }: { objective: Objective }) {
  const { t, i18n } = useTranslation();
  const { mastery } = objective;
  if (mastery === null) return <p className="text-sm text-quiet">{t("lessons.noEvidence")}</p>;
  const share = new Intl.NumberFormat(i18n.language, { style: "percent" }).format(mastery.level);
  return (
    <div className="grid gap-1">
      <div aria-hidden className="h-2 overflow-hidden rounded-full bg-sunken">
        <div
          className={clsx("h-full rounded-full", mastery.mastered ? "bg-coach" : "bg-learner-vivid")}
          style={{ width: `${Math.round(mastery.level * 100)}%` }}
        />
      </div>
      <p className="text-sm text-quiet">
        {t(mastery.mastered ? "lessons.mastered" : "lessons.masteryOf", { share })}
        {" · "}
        {t("lessons.evidence", { count: mastery.evidence })}
      </p>
    </div>
  );
}
