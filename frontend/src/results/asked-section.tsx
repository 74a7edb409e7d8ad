import { useQuery } from "@tanstack/react-query";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { useTranslation } from "@/i18n";
import { AttemptLink } from "./attempt-link";
import { askedQuery } from "./results-api";

/** Results that learners asked a person to look at; nothing where nobody did. */
export function AskedSection() {
  const { t } = useTranslation();
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
            <AttemptLink
              attemptId={one.attempt_id}
              learnerName={one.learner_name}
              title={one.title}
              satAt={one.taken_at}
            />
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
