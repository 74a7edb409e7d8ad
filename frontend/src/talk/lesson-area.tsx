import clsx from "clsx";
import { Check, Circle, PartyPopper } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "@/i18n";
import { useTalk } from "./provider";
import type { LessonView } from "./shown";
import { VisualView } from "./visual-view";

/** Where the lesson stands: the running step, what it asks for, and what it shows. */
export function LessonArea() {
  const { t } = useTranslation();
  const { state } = useTalk();
  const { lesson, visual } = state.shown;
  if (lesson === null) return null;
  return (
    <section
      aria-label={t("classroom.lesson")}
      data-testid="lesson-area"
      data-state={lesson.state}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className={clsx(
        "overflow-y-auto rounded-card bg-surface p-3 sm:p-4",
        lesson.state === "running" ? "min-h-0 shrink" : "shrink-0",
      )}
    >
      <div
        className={clsx(
          "grid content-start gap-2 sm:grid-cols-[minmax(0,1fr)_auto] sm:gap-x-4",
          visual?.kind === "picture" && "max-sm:grid-cols-[minmax(0,1fr)_6.5rem] max-sm:gap-x-3",
        )}
      >
        <div className="grid min-w-0 content-start gap-2">
          <Steps lesson={lesson} />
          <Asked lesson={lesson} />
        </div>
        {visual !== null && lesson.state === "running" && (
          <VisualView
            visual={visual}
            from="lessons"
            className="sm:col-start-2 sm:row-span-2 sm:row-start-1 sm:max-w-64 lg:max-w-80"
          />
        )}
        <div className="col-span-full grid min-w-0 content-start gap-2 empty:hidden sm:col-span-1">
          <Goals lesson={lesson} />
          {lesson.phrases.length > 0 && lesson.instructions !== null && <Phrases phrases={lesson.phrases} />}
        </div>
        <Reached lesson={lesson} />
      </div>
    </section>
  );
}

function Steps({ lesson }: { lesson: LessonView }) {
  const { t } = useTranslation();
  const done = lesson.steps.filter((step) => step.state === "done" || step.state === "skipped").length;
  const number = Math.min(done + 1, lesson.steps.length);
  return (
    <div className="grid gap-1.5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span lang="en" translate="no" className="font-display font-semibold">
          {lesson.title}
        </span>
        {lesson.state === "running" && (
          <span className="text-sm text-quiet">
            {t("classroom.stepOf", { number, of: lesson.steps.length })}
          </span>
        )}
      </p>
      <ol className="flex gap-1" aria-label={t("classroom.steps")}>
        {lesson.steps.map((step) => (
          <li
            key={step.key}
            aria-current={step.state === "running" ? "step" : undefined}
            data-state={step.state}
            className={clsx("h-2 grow rounded-full", {
              "bg-primary": step.state === "done",
              "bg-learner-vivid": step.state === "running",
              "bg-line": step.state === "coming",
              "border border-dashed border-quiet": step.state === "skipped",
            })}
          >
            <span className="sr-only">
              <span lang="en" translate="no">
                {step.title}
              </span>
              : {t(`classroom.step_${step.state}`)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Asked({ lesson }: { lesson: LessonView }) {
  const step = lesson.steps.find((one) => one.state === "running");
  if (lesson.state !== "running" || lesson.instructions === null) return <Over lesson={lesson} />;
  return (
    <>
      <h2 className="text-sm font-semibold text-coach max-sm:sr-only" lang="en" translate="no">
        {step?.title}
      </h2>
      <p lang="en" translate="no" className="font-display leading-snug font-semibold sm:text-lg">
        {lesson.instructions}
      </p>
    </>
  );
}

function Goals({ lesson }: { lesson: LessonView }) {
  const { t } = useTranslation();
  if (lesson.criteria.length === 0) return null;
  return (
    <ul className="grid gap-1" aria-label={t("classroom.goals")}>
      {lesson.criteria.map((one) => (
        <li
          key={one.key}
          data-met={one.met}
          className={clsx("flex items-start gap-2 max-sm:text-sm", one.met && "text-quiet")}
        >
          {one.met ? (
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-primary" />
          ) : (
            <Circle aria-hidden className="mt-1 size-4 shrink-0 text-quiet" />
          )}
          <span>
            <span lang="en" translate="no">
              {one.says}
            </span>
            <span className="sr-only"> {t(one.met ? "classroom.met" : "classroom.open")}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The steps are through: the last question is open, or all is over. */
function Over({ lesson }: { lesson: LessonView }) {
  const { t } = useTranslation();
  return (
    <p className="flex items-start gap-2" data-testid="lesson-over">
      <PartyPopper aria-hidden className="mt-0.5 size-5 shrink-0 text-learner" />
      {t(`classroom.${lesson.state === "running" ? "lookBack" : lesson.state}`)}
    </p>
  );
}

function Phrases({ phrases }: { phrases: string[] }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="min-h-11 cursor-pointer py-2.5 text-sm font-semibold text-quiet">
        {t("classroom.phrases")}
      </summary>
      <ul lang="en" translate="no" className="flex flex-wrap gap-1.5 pb-1">
        {phrases.map((phrase) => (
          <li key={phrase} className="rounded-full bg-sunken px-3 py-1 text-sm">
            {phrase}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Says each goal that is reached, once, to those who cannot see it ticked off. */
function Reached({ lesson }: { lesson: LessonView }) {
  const { t } = useTranslation();
  const known = useRef<ReadonlySet<string> | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const met = lesson.criteria.filter((one) => one.met);
    const before = known.current;
    const fresh = before === null ? [] : met.filter((one) => !before.has(one.key));
    known.current = new Set([...(before ?? []), ...met.map((one) => one.key)]);
    if (fresh.length > 0) setSaid(fresh.map((one) => one.says).join(" "));
  }, [lesson]);
  return (
    <p aria-live="polite" data-testid="goal-reached" className="sr-only">
      {said !== "" && (
        <>
          {t("classroom.reached")}{" "}
          <span lang="en" translate="no">
            {said}
          </span>
        </>
      )}
    </p>
  );
}
