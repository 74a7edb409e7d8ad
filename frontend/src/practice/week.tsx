import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Target } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { formatWeekday } from "@/lib/format";
import { type Practice, practiceQuery, setGoal } from "./practice-api";

const CHOICES = [15, 30, 60, 90, 120, 180, 300];
const RADIUS = 42;
const ROUND = 2 * Math.PI * RADIUS;

/** The minutes of this week against the learner's goal. */
export function Week({ week }: { week: Practice["week"] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const reached = week.minutes >= week.goal_minutes;
  const values = { minutes: number.format(week.minutes), goal: number.format(week.goal_minutes) };
  return (
    <section className="grid items-center gap-6 rounded-card border border-line bg-surface p-4 sm:grid-cols-[auto_1fr] sm:p-6">
      <Ring share={Math.min(1, week.minutes / week.goal_minutes)} />
      <div className="grid gap-3">
        <h2 className="text-xl font-semibold">{t("practice.week")}</h2>
        <p data-testid="week-goal">{t(reached ? "practice.goalReached" : "practice.goalSoFar", values)}</p>
        <ol className="flex flex-wrap gap-x-3 gap-y-1 text-sm text-quiet">
          {week.days.map((day) => (
            <li key={day.day} className={day.minutes > 0 ? "font-semibold text-ink" : undefined}>
              <time dateTime={day.day}>{formatWeekday(day.day, i18n.language)}</time>{" "}
              <span className="tabular-nums">{number.format(day.minutes)}</span>
            </li>
          ))}
        </ol>
        <Goal minutes={week.goal_minutes} />
      </div>
    </section>
  );
}

function Ring({ share }: { share: number }) {
  return (
    <svg viewBox="0 0 100 100" aria-hidden className="size-32 justify-self-center">
      <circle cx="50" cy="50" r={RADIUS} fill="none" strokeWidth="10" className="stroke-sunken" />
      <circle
        cx="50"
        cy="50"
        r={RADIUS}
        fill="none"
        strokeWidth="10"
        strokeLinecap="round"
        strokeDasharray={`${share * ROUND} ${ROUND}`}
        transform="rotate(-90 50 50)"
        className={share > 0 ? "stroke-primary" : "stroke-transparent"}
      />
      <Target x="34" y="34" width="32" height="32" className="text-coach" />
    </svg>
  );
}

function Goal({ minutes }: { minutes: number }) {
  const { t } = useTranslation();
  const id = useId();
  const queries = useQueryClient();
  const [chosen, choose] = useState(minutes);
  const keep = useMutation({
    mutationFn: setGoal,
    onSuccess: () => queries.invalidateQueries(practiceQuery),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate(chosen);
  };
  const choices = CHOICES.includes(minutes)
    ? CHOICES
    : [...CHOICES, minutes].sort((one, other) => one - other);
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      <label htmlFor={id} className="font-semibold">
        {t("practice.goal")}
      </label>
      <select
        id={id}
        value={chosen}
        onChange={(event) => choose(Number(event.target.value))}
        className="min-h-11 rounded-xl border border-line bg-surface px-3 hover:border-primary"
        data-testid="goal"
      >
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {t("practice.minutes", { count: choice })}
          </option>
        ))}
      </select>
      {chosen !== minutes && (
        <Button type="submit" look="secondary" busy={keep.isPending} data-testid="keep-goal">
          {t("practice.keepGoal")}
        </Button>
      )}
      {keep.isError && (
        <p role="alert" className="w-full text-sm text-danger">
          {t(errorKey(keep.error))}
        </p>
      )}
    </form>
  );
}
