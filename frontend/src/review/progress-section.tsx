import { useQuery } from "@tanstack/react-query";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { type Figures, figuresQuery } from "./review-api";
import { WeekPlot } from "./week-plot";

/** How much a learner speaks: a few figures and twelve weeks. */
export function ProgressSection({ learnerId }: { learnerId: string }) {
  const { t } = useTranslation();
  const figures = useQuery(figuresQuery(learnerId));
  return (
    <Section id="progress" title={t("review.progress")}>
      {figures.data ? (
        <Shown figures={figures.data} />
      ) : figures.isError ? (
        <Failure
          title={t("review.progressFailed")}
          error={figures.error}
          busy={figures.isFetching}
          onRetry={() => void figures.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </Section>
  );
}

function Shown({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  const share = figures.share_of_talk;
  const facts = [
    { label: t("review.spoken"), value: figures.minutes_spoken },
    { label: t("review.month"), value: figures.month_minutes },
    { label: t("review.calls"), value: figures.calls },
    { label: t("review.streak"), value: figures.streak.days },
    { label: t("review.shareOfTalk"), value: share === null ? null : `${Math.round(share * 100)} %` },
    {
      label: t("review.pace"),
      value: figures.words_per_minute === null ? null : Math.round(figures.words_per_minute),
    },
  ];
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <dl className="grid grid-cols-2 content-start gap-x-4 gap-y-3 sm:grid-cols-3">
        {facts.map(({ label, value }) => (
          <div key={label} className="flex flex-col-reverse justify-end">
            <dt className="text-sm text-quiet">{label}</dt>
            <dd className="font-display text-2xl font-semibold tabular-nums">
              {value ?? <span className="text-base font-normal text-quiet">{t("review.notYet")}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <WeekPlot weeks={figures.weeks} />
    </div>
  );
}
