import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { client, read } from "@/lib/api";
import { formatMoment } from "@/lib/format";
import { Refusal } from "./outcome";
import { Section } from "./section";
import { useChange } from "./use-change";

const listeningQuery = queryOptions({
  queryKey: ["listening"],
  queryFn: () => read(client.GET("/api/v1/users/me/listening")),
});

/** Whether instructors may listen in on calls that go on. */
export function ListeningSection() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const listening = useQuery(listeningQuery);
  const choose = useChange(
    (allowed: boolean) => read(client.PUT("/api/v1/users/me/listening", { body: { allowed } })),
    (now) => queries.setQueryData(listeningQuery.queryKey, now),
  );
  return (
    <Section id="listening" title={t("feedback.listening.title")} lead={t("feedback.listening.lead")}>
      {listening.data ? (
        <>
          <p data-testid="listening" data-allowed={listening.data.allowed} className="font-semibold">
            {listening.data.since
              ? t("feedback.listening.on", { date: formatMoment(listening.data.since, i18n.language) })
              : t("feedback.listening.off")}
          </p>
          <Button
            look="secondary"
            busy={choose.isPending}
            onClick={() => choose.mutate(!listening.data.allowed)}
            data-testid="change-listening"
            className="justify-self-start"
          >
            {t(listening.data.allowed ? "feedback.listening.turnOff" : "feedback.listening.turnOn")}
          </Button>
          <Refusal error={choose.error} />
        </>
      ) : listening.isError ? (
        <Failure
          title={t("feedback.listening.failed")}
          error={listening.error}
          busy={listening.isFetching}
          onRetry={() => void listening.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </Section>
  );
}
