import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { Done, Refusal } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { client, type Got, read } from "@/lib/api";

type Granted = Got<"/api/v1/review/learners/{learner_id}/extra-time">;

const SHARES = [0, 25, 50, 75, 100] as const satisfies readonly Granted["extra_time_percent"][];

const of = (learner_id: string) => ({ params: { path: { learner_id } } });

const extraTimeQuery = (learnerId: string) =>
  queryOptions({
    queryKey: ["extra-time", learnerId],
    queryFn: () => read(client.GET("/api/v1/review/learners/{learner_id}/extra-time", of(learnerId))),
  });

/** What a learner is granted in mock exams; an instructor changes it. Nothing where it could not be asked. */
export function ExtraTime({ learnerId }: { learnerId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = extraTimeQuery(learnerId);
  const granted = useQuery(query).data?.extra_time_percent;
  const grant = useChange(
    (extra_time_percent: Granted["extra_time_percent"]) =>
      read(
        client.PUT("/api/v1/review/learners/{learner_id}/extra-time", {
          ...of(learnerId),
          body: { extra_time_percent },
        }),
      ),
    (now) => queries.setQueryData(query.queryKey, now),
  );
  if (granted === undefined) return null;
  return (
    <Section id="extra-time" title={t("exams.grant")} lead={t("exams.grantLead")}>
      <Select
        label={t("exams.grantLabel")}
        className="max-w-md"
        value={String(grant.isPending ? grant.variables : granted)}
        disabled={grant.isPending}
        options={SHARES.map((share) => ({
          value: String(share),
          label: share === 0 ? t("exams.grantNone") : t("exams.grantShare", { percent: share }),
        }))}
        onChange={({ target }) => {
          const share = SHARES.find((one) => String(one) === target.value);
          if (share !== undefined) grant.mutate(share);
        }}
      />
      <Refusal error={grant.error} />
      <Done>{grant.isSuccess ? t("exams.granted") : null}</Done>
    </Section>
  );
}
