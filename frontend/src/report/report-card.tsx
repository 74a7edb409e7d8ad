import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Check, Hourglass, MessageCircleQuestion, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Failure } from "@/components/failure";
import { useTranslation } from "@/i18n";
import { type ReportContent, reportQuery } from "./report-api";
import { TalkShare } from "./talk-share";

/** The report on a call: it waits until it is written, and says honestly where there is none. */
export function ReportCard({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const report = useQuery(reportQuery(callId));
  if (report.data === undefined) {
    if (!report.isError) return <Waiting />;
    return (
      <Failure
        title={t("report.failedToLoad")}
        error={report.error}
        busy={report.isFetching}
        onRetry={() => void report.refetch()}
      />
    );
  }
  const { state, reason, content, written_by } = report.data;
  if (state === "pending") return <Waiting />;
  if (state === "refused") {
    return (
      <Note icon={<MessageCircleQuestion aria-hidden className="size-6 shrink-0 text-coach" />} state={state}>
        {t(reason === "not_made" ? "report.notMade" : "report.tooLittle")}
      </Note>
    );
  }
  if (state === "failed" || content === null || content === undefined) {
    return (
      <Note icon={<TriangleAlert aria-hidden className="size-6 shrink-0 text-learner" />} state="failed">
        {t("report.failed")}
      </Note>
    );
  }
  return <Ready content={content} writtenBy={written_by ?? "rules"} />;
}

function Waiting() {
  const { t } = useTranslation();
  return (
    <section
      className="grid gap-3 rounded-card border border-line bg-surface p-4 sm:p-6"
      data-testid="report-pending"
    >
      <h2 className="text-xl font-semibold">{t("report.title")}</h2>
      <p role="status" className="flex items-center gap-3 text-quiet">
        <Hourglass aria-hidden className="size-5 shrink-0 text-coach motion-safe:animate-pulse" />
        {t("report.pending")}
      </p>
    </section>
  );
}

function Note({ icon, state, children }: { icon: ReactNode; state: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section
      className="grid gap-2 rounded-card border border-line bg-surface p-4 sm:p-6"
      data-testid={`report-${state}`}
    >
      <h2 className="text-xl font-semibold">{t("report.title")}</h2>
      <p role="status" className="flex max-w-prose gap-3">
        {icon}
        {children}
      </p>
    </section>
  );
}

function Ready({ content, writtenBy }: { content: ReportContent; writtenBy: string }) {
  const { t } = useTranslation();
  return (
    <section
      className="grid gap-6 rounded-card border border-line bg-surface p-4 sm:p-6"
      data-testid="report-ready"
      aria-label={t("report.title")}
    >
      <div className="grid gap-3">
        <h2 className="text-2xl font-semibold">{t("report.title")}</h2>
        <TalkShare time={content.time} />
        {content.talked_about.length > 0 && (
          <ul className="flex flex-wrap gap-2" aria-label={t("report.talkedAbout")}>
            {content.talked_about.map((subject) => (
              <li
                key={subject}
                dir="auto"
                translate="no"
                className="rounded-2xl bg-coach-soft px-3 py-1 text-sm font-semibold wrap-anywhere"
              >
                {subject}
              </li>
            ))}
          </ul>
        )}
      </div>
      {content.went_well.length > 0 && (
        <Part title={t("report.wentWell")}>
          <ul className="grid gap-3">
            {content.went_well.map((praise) => (
              <li key={praise.text} className="flex gap-3">
                <Check aria-hidden className="mt-0.5 size-5 shrink-0 text-coach" strokeWidth={3} />
                <div className="grid min-w-0 gap-1">
                  <p dir="auto" translate="no" className="wrap-anywhere">
                    {praise.text}
                  </p>
                  {praise.quote && <Quote>{praise.quote}</Quote>}
                </div>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t("report.workOn")}>
        <Corrections content={content} />
      </Part>
      {content.practise_next.length > 0 && (
        <Part title={t("report.practise")}>
          <ol className="grid list-decimal gap-2 ps-6">
            {content.practise_next.map((advice) => (
              <li key={advice} dir="auto" translate="no" className="ps-1 wrap-anywhere">
                {advice}
              </li>
            ))}
          </ol>
        </Part>
      )}
      <p className="text-sm text-quiet">
        {writtenBy === "rules" ? t("report.byRules") : t("report.byModel", { model: writtenBy })}
      </p>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <h3 id={id} className="text-lg font-semibold">
        {title}
      </h3>
      {children}
    </section>
  );
}

/** The learner's own words, never translated. */
function Quote({ children }: { children: string }) {
  return (
    <blockquote
      dir="auto"
      translate="no"
      lang="en"
      className="border-s-4 border-learner-vivid ps-3 wrap-anywhere text-quiet"
    >
      {children}
    </blockquote>
  );
}

function Corrections({ content }: { content: ReportContent }) {
  const { t } = useTranslation();
  if (!content.checked) return <p className="max-w-prose text-quiet">{t("report.unchecked")}</p>;
  if (content.work_on.length === 0) return <p className="max-w-prose text-quiet">{t("report.nothing")}</p>;
  return (
    <ul className="grid gap-4" data-testid="work-on">
      {content.work_on.map((item) => (
        <li key={`${item.turn_id}-${item.quote}`} className="grid gap-2">
          <p className="sr-only">{t("report.youSaid")}</p>
          <Quote>{item.quote}</Quote>
          <div className="flex gap-2 border-s-4 border-coach ps-3">
            <ArrowRight aria-hidden className="mt-1 size-4 shrink-0 text-coach rtl:-scale-x-100" />
            <p translate="no" lang="en" dir="auto" className="min-w-0 font-semibold wrap-anywhere">
              <span className="sr-only">{t("report.better")} </span>
              {item.better}
            </p>
          </div>
          {item.why && (
            <p dir="auto" translate="no" className="text-sm text-quiet wrap-anywhere">
              {item.why}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
