import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChartColumn, Flame, Layers, Repeat, Star } from "lucide-react";
import { useEffect } from "react";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { preferencesQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { Tile } from "@/progress/tile";
import { Badges } from "./badges";
import { Forecast } from "./forecast";
import { browserZone, type Practice, practiceQuery, setTimeZone, summaryQuery } from "./practice-api";
import { Week } from "./week";
import { NextDue } from "./when";

/** What to review, the week against its goal, days in a row, points and badges. */
export function PracticePage() {
  const { t } = useTranslation();
  const practice = useQuery(practiceQuery);
  useTitle(t("practice.title"));
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-8">
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("practice.title")}</h1>
        <p className="text-lg text-quiet">{t("practice.lead")}</p>
      </header>
      {practice.data ? (
        <Overview practice={practice.data} />
      ) : practice.isError ? (
        <Failure
          title={t("practice.failed")}
          error={practice.error}
          busy={practice.isFetching}
          onRetry={() => void practice.refetch()}
        />
      ) : (
        <Skeleton rows={4} />
      )}
    </div>
  );
}

function Overview({ practice }: { practice: Practice }) {
  const { t, i18n } = useTranslation();
  const { streak, points } = practice;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <>
      <Reviews due={practice.due} />
      <Week week={practice.week} />
      <dl className="grid grid-cols-2 gap-3" data-testid="practice-figures">
        <Tile icon={Flame} name={t("practice.streak")} value={t("practice.days", { count: streak.days })}>
          {streakWords(t, streak)}
        </Tile>
        <Tile icon={Star} name={t("practice.points")} value={number.format(points.total)}>
          {t("practice.pointsWeek", { count: points.week })}
        </Tile>
      </dl>
      <p className="text-sm text-quiet">{t("practice.streakRule")}</p>
      <Badges badges={practice.badges} />
      <footer className="grid gap-1 text-sm text-quiet">
        <nav className="flex flex-wrap gap-x-4">
          <Link to="/progress" className={LINK}>
            <ChartColumn aria-hidden className="size-4" />
            {t("practice.progress")}
          </Link>
          <Link to="/practice/items" className={LINK}>
            <Layers aria-hidden className="size-4" />
            {t("practice.items")}
          </Link>
        </nav>
        <TimeZone used={practice.time_zone} />
      </footer>
    </>
  );
}

const LINK = "inline-flex min-h-11 items-center gap-2 font-semibold text-primary underline";

function streakWords(t: ReturnType<typeof useTranslation>["t"], streak: Practice["streak"]): string {
  if (streak.days > 0 && !streak.today) {
    return t(streak.forgiven.length > 0 ? "practice.keepForgiven" : "practice.keepStreak");
  }
  return t("practice.longest", { count: streak.longest });
}

function Reviews({ due }: { due: number }) {
  const { t } = useTranslation();
  const summary = useQuery(summaryQuery).data;
  return (
    <section className="grid gap-4 rounded-card border border-line bg-surface p-4 sm:p-6">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="me-auto flex items-center gap-2 text-xl font-semibold">
          <Repeat aria-hidden className="size-5 text-coach" />
          {due > 0 ? t("practice.due", { count: due }) : t("practice.nothingDue")}
        </h2>
        {due > 0 && (
          <Link to="/practice/review" className={buttonClass()} data-testid="start-review">
            {t("practice.start")}
          </Link>
        )}
      </div>
      {due === 0 && summary && <NextDue at={summary.next_due_at} />}
      {summary &&
        (summary.total > 0 ? (
          <Forecast days={summary.forecast} />
        ) : (
          <p className="text-quiet">{t("practice.empty")}</p>
        ))}
    </section>
  );
}

/** Days are the learner's own: said once by the browser, changed by the learner where they travel. */
function TimeZone({ used }: { used: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const preferences = useQuery(preferencesQuery).data;
  const { mutate, isPending } = useMutation({
    mutationFn: setTimeZone,
    onSuccess: (kept) => {
      queries.setQueryData(preferencesQuery.queryKey, kept);
      void queries.invalidateQueries({ queryKey: ["practice"] });
      void queries.invalidateQueries({ queryKey: ["reviews", "summary"] });
    },
  });
  const unknown = preferences?.time_zone === null;
  useEffect(() => {
    if (unknown) mutate(browserZone);
  }, [unknown, mutate]);
  const travels = preferences?.time_zone != null && preferences.time_zone !== browserZone;
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <span>
        {t("practice.timeZone")} <span translate="no">{used.replaceAll("_", " ")}</span>
      </span>
      {travels && (
        <Button look="quiet" busy={isPending} onClick={() => mutate(browserZone)}>
          {t("practice.useZone", { zone: browserZone.replaceAll("_", " ") })}
        </Button>
      )}
    </p>
  );
}
