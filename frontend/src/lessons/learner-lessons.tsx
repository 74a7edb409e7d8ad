import { useQuery } from "@tanstack/react-query";
import { CircleCheck, RotateCcw } from "lucide-react";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatDay } from "@/lib/format";
import {
  type Attempt,
  learnerLessonsQuery,
  learnerObjectivesQuery,
  type Objective,
  SKILLS,
} from "./lessons-api";
import { Chip } from "./parts";

/** A learner's lessons and what they have shown in them, for who looks after them. */
export function LearnerLessons({ learnerId }: { learnerId: string }) {
  const { t } = useTranslation();
  const lessons = useQuery(learnerLessonsQuery(learnerId));
  return (
    <section className="grid gap-4 rounded-card border border-line bg-surface p-4 sm:p-6">
      <h2 className="text-xl font-semibold">{t("lessons.title")}</h2>
      <Skills learnerId={learnerId} />
      {lessons.data ? (
        <Attempts attempts={lessons.data} />
      ) : lessons.isError ? (
        <Failure
          title={t("lessons.failed")}
          error={lessons.error}
          busy={lessons.isFetching}
          onRetry={() => void lessons.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </section>
  );
}

/** Where there is evidence, how far the learner is with each skill, over the objectives that were asked for. */
function Skills({ learnerId }: { learnerId: string }) {
  const { t, i18n } = useTranslation();
  const objectives = useQuery(learnerObjectivesQuery(learnerId)).data ?? [];
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const known = SKILLS.flatMap((skill) => {
    const mean = meanMastery(objectives.filter((one) => one.skill === skill));
    return mean === null ? [] : [{ skill, share: percent.format(mean) }];
  });
  if (known.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2">
      {known.map(({ skill, share }) => (
        <div key={skill}>
          <dt className="text-sm text-quiet first-letter:uppercase">{t(`lessons.skill_${skill}`)}</dt>
          <dd className="font-display text-xl font-bold tabular-nums">{share}</dd>
        </div>
      ))}
    </dl>
  );
}

function meanMastery(objectives: Objective[]): number | null {
  const levels = objectives.flatMap((one) => (one.mastery === null ? [] : [one.mastery.level]));
  return levels.length === 0 ? null : levels.reduce((sum, level) => sum + level, 0) / levels.length;
}

function Attempts({ attempts }: { attempts: Attempt[] }) {
  const { t, i18n } = useTranslation();
  if (attempts.length === 0) return <p className="text-quiet">{t("lessons.noneBegun")}</p>;
  return (
    <ul className="grid gap-3 md:grid-cols-2" data-testid="learner-lessons">
      {attempts.map((attempt) => {
        const met = attempt.criteria.filter((one) => one.met).length;
        const at = attempt.finished_at ?? attempt.started_at;
        const done = attempt.state === "completed";
        const Icon = done ? CircleCheck : RotateCcw;
        return (
          <li key={attempt.id} className="grid content-start gap-1 rounded-xl border border-line p-3">
            <p className="font-semibold" lang="en" translate="no">
              {attempt.title} ({attempt.level})
            </p>
            <p className="text-sm text-quiet">
              <time dateTime={at}>{formatDay(at, i18n.language)}</time>
            </p>
            <div className="flex flex-wrap gap-2">
              <Chip tone={done ? "coach" : "plain"}>
                <Icon aria-hidden className="size-3.5" />
                {done
                  ? t("lessons.state_completed")
                  : t("lessons.state_started", { done: attempt.step, steps: attempt.steps.length })}
              </Chip>
              <Chip>{t("lessons.shown", { count: attempt.criteria.length, met })}</Chip>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
