import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { sinceOrUntil } from "@/account/since";
import { useTranslation } from "@/i18n";
import { formatShortDay } from "@/lib/format";
import { LearnerMarks } from "./learner-marks";
import type { Learner, Order, Sort } from "./review-api";
import { Trend } from "./trend";

interface RowsProps {
  learners: readonly Learner[];
  sort: Sort;
  order: Order;
  onSort: (sort: Sort) => void;
}

const COLUMNS = [
  { sort: "name", label: "review.name" },
  { sort: "activity", label: "review.activity" },
  { sort: "minutes", label: "review.minutes" },
  { sort: "calls", label: "review.calls" },
  { sort: "trend", label: "review.trend" },
  { sort: "flags", label: "review.flags" },
  { sort: "due", label: "review.due" },
] as const;

/** Learners on a wide screen. */
export function LearnerTable({ learners, sort, order, onSort }: RowsProps) {
  const { t } = useTranslation();
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-surface">
      <table className="w-full text-start" data-testid="learners">
        <caption className="sr-only">{t("review.title")}</caption>
        <thead>
          <tr className="border-b border-line">
            {COLUMNS.map((column) => (
              <Heading
                key={column.sort}
                label={t(column.label)}
                order={column.sort === sort ? order : null}
                onSort={() => onSort(column.sort)}
              />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {learners.map((learner) => (
            <tr key={learner.id} className="hover:bg-sunken">
              <th scope="row" className="px-3 py-2 text-start font-normal">
                <Who learner={learner} />
              </th>
              <td className="px-3 py-2">
                <Activity at={learner.last_activity_at} />
              </td>
              <td className="px-3 py-2 tabular-nums">{learner.minutes_spoken}</td>
              <td className="px-3 py-2 tabular-nums">{learner.calls}</td>
              <td className="px-3 py-2">
                <Trend weeks={learner.weeks} change={learner.trend_minutes} />
              </td>
              <td className="px-3 py-2">
                <LearnerMarks flags={learner.open_flags} answers={learner.new_answers} />
              </td>
              <td className="px-3 py-2">
                <Due on={learner.next_due} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps {
  label: string;
  order: Order | null;
  onSort: () => void;
}

function Heading({ label, order, onSort }: HeadingProps) {
  const Arrow = order === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={order === null ? "none" : order === "asc" ? "ascending" : "descending"}
      className="px-1 text-start"
    >
      <button
        type="button"
        onClick={onSort}
        className="flex min-h-11 items-center gap-1 rounded-lg px-2 text-start text-sm font-semibold text-quiet hover:text-ink"
      >
        {label}
        <Arrow aria-hidden className={clsx("size-3.5 shrink-0", order === null && "invisible")} />
      </button>
    </th>
  );
}

/** Learners on a phone. */
export function LearnerCards({ learners }: { learners: readonly Learner[] }) {
  const { t } = useTranslation();
  return (
    <ul className="grid gap-3" data-testid="learners">
      {learners.map((learner) => (
        <li key={learner.id} className="grid gap-2 rounded-card border border-line bg-surface p-4">
          <div className="flex items-start justify-between gap-2">
            <Who learner={learner} />
            <LearnerMarks flags={learner.open_flags} answers={learner.new_answers} />
          </div>
          <dl className="grid grid-cols-2 gap-x-4 gap-y-2 text-sm">
            <Fact label={t("review.activity")}>
              <Activity at={learner.last_activity_at} />
            </Fact>
            <Fact label={t("review.minutes")}>{learner.minutes_spoken}</Fact>
            <Fact label={t("review.trend")}>
              <Trend weeks={learner.weeks} change={learner.trend_minutes} />
            </Fact>
            <Fact label={t("review.due")}>
              <Due on={learner.next_due} />
            </Fact>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-quiet">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Who({ learner }: { learner: Learner }) {
  return (
    <span className="grid min-w-0">
      <Link
        to="/review/learners/$learnerId"
        params={{ learnerId: learner.id }}
        className="flex min-h-11 items-center gap-2 py-1 leading-tight font-semibold text-primary hover:underline"
      >
        <bdi translate="no" className="break-words">
          {learner.name}
        </bdi>
        <span translate="no" className="rounded-full border border-line px-2 text-xs text-quiet">
          {learner.level}
        </span>
      </Link>
      {learner.email !== learner.name && (
        <span translate="no" className="-mt-1.5 text-sm break-all text-quiet">
          {learner.email}
        </span>
      )}
    </span>
  );
}

function Activity({ at }: { at: string | null }) {
  const { t, i18n } = useTranslation();
  if (at === null) return <span className="text-quiet">{t("review.never")}</span>;
  return <time dateTime={at}>{sinceOrUntil(at, i18n.language)}</time>;
}

function Due({ on }: { on: string | null }) {
  const { t, i18n } = useTranslation();
  if (on === null) return <span className="text-quiet">{t("review.noDue")}</span>;
  return <time dateTime={on}>{formatShortDay(on, i18n.language)}</time>;
}
