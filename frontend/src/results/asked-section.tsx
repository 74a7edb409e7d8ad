import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { askedQuery } from "./results-api";

/** Results that learners asked a person to look at; nothing where nobody did. */
export function AskedSection() {
  const { t, i18n } = useTranslation();
  const asked = useQuery(askedQuery);
  if (asked.isError) {
    return (
      <Failure
        title={t("results.askedFailed")}
        error={asked.error}
        busy={asked.isFetching}
        onRetry={() => void asked.refetch()}
      />
    );
  }
  if (asked.data === undefined || asked.data.items.length === 0) return null;
  return (
    <Section id="asked" title={t("results.asked")} lead={t("results.askedLead")}>
      <ul className="grid divide-y divide-line" data-testid="asked">
        {asked.data.items.map((one) => (
          <li key={one.attempt_id} className="grid gap-0.5 py-3 first:pt-0 last:pb-0">
            <Link
              to="/exams/attempts/$attemptId"
              params={{ attemptId: one.attempt_id }}
              className="flex min-h-11 items-center justify-self-start font-semibold text-primary hover:underline"
            >
              <span translate="no" dir="auto" className="min-w-0 break-words">
                {one.learner_name}
              </span>
            </Link>
            <p className="text-sm text-quiet">
              <span lang="en" translate="no">
                {one.title}
              </span>
              {" · "}
              <time dateTime={one.taken_at}>{formatMoment(one.taken_at, i18n.language)}</time>
            </p>
            {one.review_note && (
              <p translate="no" dir="auto" className="break-words whitespace-pre-wrap">
                {one.review_note}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
