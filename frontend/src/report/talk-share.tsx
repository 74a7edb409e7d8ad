import { useTranslation } from "@/i18n";
import type { ReportContent } from "./report-api";

/** How long the call was, and whose voice filled it. */
export function TalkShare({ time }: { time: ReportContent["time"] }) {
  const { t } = useTranslation();
  const minutes = Math.round(time.call_seconds / 60);
  const share = time.learner_share == null ? null : Math.round(time.learner_share * 100);
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-quiet">
        <span>{minutes < 1 ? t("report.underMinute") : t("report.minutes", { count: minutes })}</span>
        <span>{t("report.words", { count: time.learner_words })}</span>
      </p>
      {share !== null && (
        <div className="grid gap-1.5">
          <div aria-hidden className="flex h-3 overflow-hidden rounded-full bg-coach">
            <div className="bg-learner-vivid" style={{ inlineSize: `${share}%` }} />
          </div>
          <p className="flex flex-wrap justify-between gap-x-4 text-sm" data-testid="talk-share">
            <span className="font-semibold text-learner">{t("report.yourShare", { percent: share })}</span>
            <span className="text-coach">{t("report.coachShare", { percent: 100 - share })}</span>
          </p>
        </div>
      )}
    </div>
  );
}
