import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done, Refusal } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Select } from "@/components/select";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { client, type Got, read } from "@/lib/api";

type Policy = Got<"/api/v1/school/retention">;
type Wanted = Pick<Policy, "recording_days" | "transcript_days">;

const DAYS = [30, 90, 180, 365, 730] as const;
const KINDS = ["transcript_days", "recording_days"] as const;

const policyQuery = queryOptions({
  queryKey: ["policy"],
  queryFn: () => read(client.GET("/api/v1/school/retention")),
  staleTime: 0,
});

/** How long a school keeps transcripts and recordings at most; for its administrators. */
export function PolicySection() {
  const { t } = useTranslation();
  const policy = useQuery(policyQuery);
  return (
    <Section id="policy" title={t("privacy.policy.title")} lead={t("privacy.policy.lead")}>
      {policy.data ? (
        <Choice kept={policy.data} />
      ) : policy.isError ? (
        <Failure
          title={t("account.listFailed")}
          error={policy.error}
          busy={policy.isFetching}
          onRetry={() => void policy.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </Section>
  );
}

function Choice({ kept }: { kept: Policy }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<Wanted>(kept);
  const [asking, setAsking] = useState(false);
  const save = useChange(
    ({ recording_days, transcript_days }: Wanted) =>
      read(client.PUT("/api/v1/school/retention", { body: { recording_days, transcript_days } })),
    (saved) => {
      queries.setQueryData(policyQuery.queryKey, saved);
      setWanted(saved);
      setAsking(false);
    },
  );
  const words = (days: number | null) =>
    days === null ? t("privacy.policy.forever") : t("privacy.retention.days", { count: days });
  const shorter = KINDS.some((kind) => (wanted[kind] ?? Infinity) < (kept[kind] ?? Infinity));
  const options = (now: number | null) =>
    [null, ...new Set([...DAYS, ...(now === null ? [] : [now])])].map((days) => ({
      value: String(days ?? ""),
      label: words(days),
    }));
  return (
    <>
      <div className="grid max-w-xl gap-4 sm:grid-cols-2">
        {KINDS.map((kind) => (
          <Select
            key={kind}
            label={t(`privacy.policy.${kind}`)}
            name={kind}
            value={String(wanted[kind] ?? "")}
            options={options(kept[kind])}
            onChange={({ target }) => {
              save.reset();
              setWanted({ ...wanted, [kind]: target.value === "" ? null : Number(target.value) });
            }}
          />
        ))}
      </div>
      {!asking && <Refusal error={save.error} />}
      <Button
        className="justify-self-start"
        busy={save.isPending}
        data-testid="save-policy"
        onClick={() => (shorter ? setAsking(true) : save.mutate(wanted))}
      >
        {t("account.save")}
      </Button>
      <Done>{save.isSuccess && t("privacy.retention.saved")}</Done>
      {asking && (
        <ConfirmDialog
          title={t("privacy.policy.sureTitle")}
          body={<p>{t("privacy.policy.sureBody")}</p>}
          action={t("privacy.retention.sure")}
          busy={save.isPending}
          error={save.error}
          onConfirm={() => save.mutate(wanted)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
