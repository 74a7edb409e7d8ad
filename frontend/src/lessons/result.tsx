import { Check, Circle } from "lucide-react";
import { useTranslation } from "@/i18n";
import { formatDay } from "@/lib/format";
import type { Attempt } from "./lessons-api";

/** What the learner showed in their last way through the lesson. */
export function Result({ attempt }: { attempt: Attempt }) {
  const { t, i18n } = useTranslation();
  const met = attempt.criteria.filter((one) => one.met).length;
  const at = attempt.finished_at ?? attempt.started_at;
  return (
    <section className="grid gap-3 rounded-card border border-line bg-surface p-4" data-testid="result">
      <div className="grid gap-0.5">
        <h2 className="text-xl font-semibold">
          {t("lessons.result", { count: attempt.criteria.length, met })}
        </h2>
        <p className="text-sm text-quiet">
          {t(attempt.state === "completed" ? "lessons.finishedOn" : "lessons.begunOn")}{" "}
          <time dateTime={at}>{formatDay(at, i18n.language)}</time>
        </p>
      </div>
      <ul className="grid gap-1.5">
        {attempt.criteria.map((one) => (
          <li key={one.key} className="flex gap-2">
            {one.met ? (
              <Check aria-hidden className="mt-0.5 size-5 shrink-0 text-coach" />
            ) : (
              <Circle aria-hidden className="mt-0.5 size-5 shrink-0 text-quiet" />
            )}
            <span className="sr-only">{t(one.met ? "lessons.met" : "lessons.notMet")}</span>
            <span lang="en" translate="no">
              {one.says}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
