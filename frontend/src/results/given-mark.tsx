import clsx from "clsx";
import { UserRound } from "lucide-react";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import type { Mark } from "./results-api";
import { scoreText } from "./words";

/** What a person gave, and why; earlier versions stay to be seen. */
export function GivenMark({ mark }: { mark: Mark }) {
  const { t, i18n } = useTranslation();
  return (
    <article
      data-testid="given-mark"
      data-counts={mark.counts}
      className={clsx("grid gap-0.5 border-s-4 ps-3", mark.counts ? "border-learner-vivid" : "border-line")}
    >
      <p className="flex flex-wrap items-center gap-x-2 text-sm">
        <UserRound aria-hidden className="size-4 shrink-0 text-learner" />
        <span translate="no" dir="auto" className="font-semibold">
          {mark.author_name || t("results.somebody")}
        </span>
        <span
          className={clsx(
            "font-semibold tabular-nums",
            !mark.counts && mark.score !== null && "line-through",
          )}
        >
          {mark.score === null ? t("results.takenBack") : scoreText(mark.score, i18n.language)}
        </span>
        {!mark.counts && mark.score !== null && <span className="text-quiet">{t("results.replaced")}</span>}
        <time dateTime={mark.created_at} className="text-quiet">
          {formatMoment(mark.created_at, i18n.language)}
        </time>
        {mark.blind && <span className="text-quiet">{t("results.markedBlind")}</span>}
      </p>
      <p translate="no" dir="auto" className="break-words whitespace-pre-wrap">
        {mark.reason}
      </p>
    </article>
  );
}
