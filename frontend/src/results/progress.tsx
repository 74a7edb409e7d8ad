import { Link } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import type { Assessment } from "./results-api";

/** The result is not there yet, or will not come: why, and what one can do meanwhile. */
export function Progress({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation();
  if (assessment.state === "failed") {
    return (
      <Message tone="danger" title={t("results.scoringFailed")} testId="scoring-failed">
        <p>{t("results.scoringFailedBody")}</p>
      </Message>
    );
  }
  const waiting = assessment.state === "waiting";
  return (
    <section
      data-testid={waiting ? "waiting" : "scoring"}
      className="grid justify-items-center gap-4 rounded-card border border-line bg-surface px-4 py-12 text-center"
    >
      <LoaderCircle aria-hidden className="size-10 animate-spin text-primary motion-reduce:animate-none" />
      <div role="status" className="grid max-w-prose gap-2">
        <h2 className="text-2xl font-semibold">{t(waiting ? "results.waiting" : "results.scoring")}</h2>
        <p className="text-quiet">{t(waiting ? "results.waitingBody" : "results.scoringBody")}</p>
      </div>
      <p className="text-sm text-quiet">{t("results.mayLeave")}</p>
      <Link to="/practice" className={buttonClass("secondary")}>
        {t("results.practiseMeanwhile")}
      </Link>
    </section>
  );
}
