import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Check, Pause, Repeat2, Timer } from "lucide-react";
import { useState } from "react";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { formatClock } from "@/lib/format";
import { useRemaining, useSaidRemaining } from "./exam-clock";
import { useTalk } from "./provider";
import type { ToldExam } from "./shown";
import { VisualView } from "./visual-view";

/** Where the exam stands: its parts, the clock, the running task, and the button for who has finished. */
export function ExamArea() {
  const { t } = useTranslation();
  const { state } = useTalk();
  const { exam } = state.shown;
  if (exam === null || exam.state !== "running") return null;
  const gone = state.phase !== "in_call" || state.reconnecting || state.coach.presence !== "present";
  return (
    <section
      aria-label={t("sitting.exam")}
      data-testid="exam-area"
      data-phase={exam.phase}
      data-phase-index={exam.phase_index}
      data-paused={exam.paused}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="grid min-h-0 shrink content-start gap-3 overflow-y-auto rounded-card bg-surface p-3 sm:p-4"
    >
      <Parts exam={exam} />
      <Clock exam={exam} gone={gone} />
      <Task exam={exam} />
      <Buttons exam={exam} />
    </section>
  );
}

function Parts({ exam }: { exam: ToldExam }) {
  const { t } = useTranslation();
  const index = exam.parts.findIndex((part) => part.state === "running");
  const running = exam.parts[index];
  return (
    <div className="grid gap-1.5">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span lang="en" translate="no" className="font-display font-semibold">
          {running?.title ?? exam.title}
        </span>
        <span className="text-sm text-quiet">
          {t("sitting.partOf", { number: index + 1, of: exam.parts.length })}
          {running && ` · ${t(running.scored ? "sitting.scored" : "sitting.notScored")}`}
        </span>
      </p>
      <ol className="flex gap-1" aria-label={t("sitting.parts")}>
        {exam.parts.map((part) => (
          <li
            key={part.key}
            aria-current={part.state === "running" ? "step" : undefined}
            data-state={part.state}
            className={clsx("h-2 grow rounded-full", {
              "bg-primary": part.state === "done",
              "bg-learner-vivid": part.state === "running",
              "bg-line": part.state === "coming" && part.scored,
              "border border-dashed border-quiet": part.state === "coming" && !part.scored,
            })}
          >
            <span className="sr-only">
              <span lang="en" translate="no">
                {part.title}
              </span>
              : {t(`sitting.part_${part.state}`)}
              {!part.scored && `, ${t("sitting.notScored")}`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** What happens now and how long it goes on; aloud only when something changes, and shortly before the end. */
function Clock({ exam, gone }: { exam: ToldExam; gone: boolean }) {
  const { t } = useTranslation();
  const stands = exam.paused || (gone && exam.phase !== "preparation");
  const remaining = useRemaining(exam, stands);
  const mark = useSaidRemaining(remaining, exam.length_s, exam.phase_index);
  const left = useTime(mark ?? Math.round(exam.length_s));
  const part = exam.parts.find((one) => one.state === "running");
  const alone = part?.kind === "long_turn" || exam.phase !== "speaking";
  const now = stands
    ? t("sitting.paused")
    : t(alone ? `sitting.phase_${exam.phase ?? "instructions"}` : "sitting.phase_together");
  const Icon = stands ? Pause : Timer;
  return (
    <div
      className={clsx(
        "flex items-center gap-3 rounded-card px-3 py-2",
        exam.phase === "speaking" && !stands ? "bg-learner-soft" : "bg-sunken",
      )}
    >
      <Icon aria-hidden className="size-6 shrink-0 text-quiet" />
      <div className="min-w-0 grow">
        <p className="leading-snug font-semibold" data-testid="exam-phase">
          {now}
        </p>
        {stands && <p className="text-sm text-quiet">{t("sitting.pausedBody")}</p>}
      </div>
      <p
        role="timer"
        aria-live="off"
        aria-label={t("sitting.left")}
        data-testid="exam-clock"
        className="font-display text-3xl font-semibold tabular-nums"
      >
        {formatClock(Math.ceil(remaining))}
      </p>
      <p aria-live="polite" className="sr-only" data-testid="exam-said">
        {now}. {!stands && t("sitting.saysLeft", { time: left })}
      </p>
    </div>
  );
}

/** A length of time in words. */
function useTime(seconds: number): string {
  const { t } = useTranslation();
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [
    minutes > 0 ? t("sitting.minutes", { count: minutes }) : "",
    rest > 0 ? t("sitting.seconds", { count: rest }) : "",
  ];
  return parts.filter(Boolean).join(" ");
}

function Task({ exam }: { exam: ToldExam }) {
  const { t } = useTranslation();
  if (exam.instructions === null) return null;
  return (
    <div className="grid gap-3">
      <div className="grid gap-1">
        <h2 className="sr-only">{t("sitting.task")}</h2>
        <p lang="en" translate="no" className="font-display leading-snug font-semibold sm:text-lg">
          {exam.instructions}
        </p>
      </div>
      {exam.visuals.length > 0 && (
        <div className={clsx("grid gap-3", exam.visuals.length > 1 && "grid-cols-2")}>
          {exam.visuals.map((visual) => (
            <VisualView key={visual.key} visual={visual} from="exams" />
          ))}
        </div>
      )}
      {exam.points.length > 0 && (
        <ul lang="en" translate="no" aria-label={t("sitting.points")} className="grid list-disc gap-1 pl-5">
          {exam.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What may be asked of the examiner: the question once more, or to go on before the time is up. */
function Buttons({ exam }: { exam: ToldExam }) {
  const { t } = useTranslation();
  const { engine } = useTalk();
  const [failed, setFailed] = useState(false);
  const kind = exam.parts.find((one) => one.state === "running")?.kind;
  const asks = exam.phase === "speaking" && (kind === "interview" || kind === "discussion");
  const ask = async (asking: Promise<boolean>) => setFailed(!(await asking));
  if (exam.paused || !(exam.may_finish || asks)) return null;
  return (
    <div className="sticky -bottom-3 -mb-3 grid gap-1.5 bg-surface pt-1 pb-3 sm:-bottom-4 sm:-mb-4 sm:pb-4">
      <div className="flex flex-wrap gap-2">
        {exam.may_finish && (
          <Button onClick={() => void ask(engine.finishExamPhase())} data-testid="exam-done">
            <Check aria-hidden className="size-5" />
            {t(exam.phase === "preparation" ? "sitting.finishedPreparing" : "sitting.finished")}
          </Button>
        )}
        {asks && (
          <Button look="secondary" onClick={() => void ask(engine.command("repeat"))}>
            <Repeat2 aria-hidden className="size-5" />
            {t("sitting.repeat")}
          </Button>
        )}
      </div>
      <p role="status" className="text-sm text-danger empty:hidden">
        {failed && t("sitting.notHeard")}
      </p>
    </div>
  );
}

/** After the call: the way to the results, or back to an exam that is not over. */
export function ExamOver() {
  const { t } = useTranslation();
  const { state } = useTalk();
  const { exam } = state.shown;
  if (exam === null) return null;
  const way = { finished: "over", stopped: "stopped", running: "goesOn", waiting: "goesOn" } as const;
  const now = way[exam.state];
  return (
    <Message
      icon={Timer}
      testId="exam-over"
      title={t(`sitting.${now}`)}
      actions={
        now === "over" ? (
          <Link
            to="/exams/attempts/$attemptId"
            params={{ attemptId: exam.attempt_id }}
            className={buttonClass()}
            data-testid="exam-results"
          >
            {t("sitting.results")}
          </Link>
        ) : (
          <Link to="/exams" className={buttonClass()}>
            {t("sitting.toExams")}
          </Link>
        )
      }
    >
      {t(`sitting.${now}Body`)}
    </Message>
  );
}
