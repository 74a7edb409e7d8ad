import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Flame, MessagesSquare, Mic, TrendingUp } from "lucide-react";
import { buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { type Translate, useTranslation } from "@/i18n";
import { formatDay } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { LanguageSection } from "./language-section";
import { MeasuredWeeks } from "./measured-weeks";
import { measured, written } from "./measures";
import { type LearnerFigures, ownFiguresQuery } from "./progress-api";
import { Tile } from "./tile";

/** How much the learner has spoken, day after day and week after week. */
export function ProgressPage() {
  const { t } = useTranslation();
  const figures = useQuery(ownFiguresQuery);
  useTitle(t("progress.title"));
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-8">
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("progress.title")}</h1>
        <p className="text-lg text-quiet">{t("progress.lead")}</p>
      </header>
      {figures.data ? (
        <Figures figures={figures.data} />
      ) : figures.isError ? (
        <Failure
          title={t("progress.failed")}
          error={figures.error}
          busy={figures.isFetching}
          onRetry={() => void figures.refetch()}
        />
      ) : (
        <Skeleton rows={4} />
      )}
    </div>
  );
}

function Figures({ figures }: { figures: LearnerFigures }) {
  const { t, i18n } = useTranslation();
  if (figures.calls === 0 || figures.last_activity_at === null) {
    return (
      <Empty
        title={t("progress.empty")}
        body={t("progress.emptyBody")}
        action={
          <Link to="/" className={buttonClass()}>
            {t("progress.emptyAction")}
          </Link>
        }
      />
    );
  }
  const { streak } = figures;
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4" data-testid="own-figures">
        <Tile
          icon={Mic}
          name={t("progress.minutes")}
          value={written("minutes", figures.minutes_spoken, i18n.language)}
        >
          {t("progress.lastWeek", { minutes: written("minutes", figures.week_minutes, i18n.language) })}
        </Tile>
        <Tile icon={Flame} name={t("progress.streak")} value={t("progress.days", { count: streak.days })}>
          {streakWords(t, streak)}
        </Tile>
        <Tile icon={MessagesSquare} name={t("progress.calls")} value={String(figures.calls)}>
          {t("progress.lastCall", { day: formatDay(figures.last_activity_at, i18n.language) })}
        </Tile>
        <Tile
          icon={TrendingUp}
          name={t("progress.month")}
          value={written("minutes", figures.month_minutes, i18n.language)}
        >
          {trendWords(t, figures.trend, i18n.language)}
        </Tile>
      </dl>
      <MeasuredWeeks
        weeksOf={(measure) =>
          figures.weeks.map((week) => ({ week: week.week, value: measured(measure, week) }))
        }
      >
        {(measure) => <p className="text-sm text-quiet">{t(`progress.meaning_${measure}`)}</p>}
      </MeasuredWeeks>
      <LanguageSection />
    </>
  );
}

function streakWords(t: Translate, streak: LearnerFigures["streak"]): string {
  if (streak.days > 0 && !streak.today) {
    return t(streak.forgiven.length > 0 ? "progress.keepForgiven" : "progress.keepStreak");
  }
  return t("progress.longest", { count: streak.longest });
}

function trendWords(t: Translate, trend: number | null, locale: string): string {
  if (trend === null) return t("progress.noTrend");
  const size = new Intl.NumberFormat(locale, { style: "percent" }).format(Math.abs(trend));
  if (trend === 0) return t("progress.same");
  return t(trend > 0 ? "progress.more" : "progress.less", { size });
}
