import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { privacyApi, type Retention, retentionQuery } from "@/privacy/privacy-api";
import { RadioCards } from "./choices";
import { ConfirmDialog } from "./confirm-dialog";
import { Done, Refusal } from "./outcome";
import { Section } from "./section";
import { useChange } from "./use-change";

const CHOICES = ["none", "365", "90", "30"] as const;

/** How long calls are kept: one's own choice, and what the organisation decided besides. */
export function RetentionSection() {
  const { t } = useTranslation();
  const retention = useQuery(retentionQuery);
  return (
    <Section id="retention" title={t("privacy.retention.title")} lead={t("privacy.retention.lead")}>
      {retention.data ? (
        <Choice kept={retention.data} />
      ) : retention.isError ? (
        <Failure
          title={t("account.listFailed")}
          error={retention.error}
          busy={retention.isFetching}
          onRetry={() => void retention.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </Section>
  );
}

function Choice({ kept }: { kept: Retention }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<number | null>(null);
  const save = useChange(privacyApi.keepFor, (saved) => {
    queries.setQueryData(retentionQuery.queryKey, saved);
    setAsked(null);
  });
  const own = save.isPending && save.variables !== undefined ? save.variables : kept.own_days;
  const shown = own === null ? "none" : String(own);
  const values = CHOICES.some((value) => value === shown) ? [...CHOICES] : [...CHOICES, shown];
  const choose = (value: string) => {
    save.reset();
    const days = value === "none" ? null : Number(value);
    const shorter = days !== null && (kept.transcript_days === null || days < kept.transcript_days);
    if (shorter) setAsked(days);
    else save.mutate(days);
  };
  return (
    <>
      <RadioCards
        label={t("privacy.retention.label")}
        columns={2}
        testId="retention"
        value={shown}
        options={values.map((value) => ({
          value,
          label: CHOICES.some((known) => known === value)
            ? t(`privacy.retention.days_${value as (typeof CHOICES)[number]}`)
            : t("privacy.retention.other", { days: value }),
        }))}
        onChange={choose}
      />
      <OrganisationsWord kept={kept} />
      {asked === null && <Refusal error={save.error} />}
      <Done>{save.isSuccess && t("privacy.retention.saved")}</Done>
      {asked !== null && (
        <ConfirmDialog
          title={t("privacy.retention.sureTitle")}
          body={<p>{t("privacy.retention.sureBody", { days: asked })}</p>}
          action={t("privacy.retention.sure")}
          busy={save.isPending}
          error={save.error}
          onConfirm={() => save.mutate(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

/** Said where the organisation or the installation keeps less than the learner chose. */
function OrganisationsWord({ kept }: { kept: Retention }) {
  const { t } = useTranslation();
  const less = (days: number | null) => days !== null && (kept.own_days === null || days < kept.own_days);
  if (!less(kept.organisation_transcript_days) && !less(kept.organisation_recording_days)) return null;
  const words = (days: number | null) =>
    days === null ? t("privacy.retention.forever") : t("privacy.retention.days", { count: days });
  return (
    <p className="max-w-prose text-quiet" data-testid="policy">
      {t("privacy.retention.school", {
        transcripts: words(kept.organisation_transcript_days),
        recordings: words(kept.organisation_recording_days),
      })}
    </p>
  );
}
