import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { type RecordingConsent, recordingApi, recordingConsentQuery } from "@/lib/recording";
import { ConfirmDialog } from "./confirm-dialog";
import { Refusal } from "./outcome";
import { Section } from "./section";
import { useChange } from "./use-change";

/** Whether calls are recorded, the way to change that, and to have the recordings erased. */
export function RecordingSection() {
  const { t } = useTranslation();
  const consent = useQuery(recordingConsentQuery);
  return (
    <Section id="recording" title={t("recording.account.title")} lead={t("recording.account.lead")}>
      {consent.data ? (
        <Choice consent={consent.data} />
      ) : consent.isError ? (
        <Failure
          title={t("recording.failed")}
          error={consent.error}
          busy={consent.isFetching}
          onRetry={() => void consent.refetch()}
        />
      ) : (
        <Skeleton rows={1} />
      )}
    </Section>
  );
}

function Choice({ consent }: { consent: RecordingConsent }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [erasing, setErasing] = useState(false);
  const keep = (now: RecordingConsent) => queries.setQueryData(recordingConsentQuery.queryKey, now);
  const answer = useChange((granted: boolean) => recordingApi.answer(consent.version, granted), keep);
  const erase = useChange(
    () => recordingApi.answer(consent.version, false, true),
    (now) => {
      keep(now);
      setAsking(false);
      setErasing(true);
    },
  );
  const { granted, recordings } = consent;
  return (
    <>
      <p data-testid="recording-consent" data-granted={granted} className="font-semibold">
        <State consent={consent} />
      </p>
      {consent.possible !== false && !consent.adult_needed && (
        <>
          <p className="text-sm text-quiet">
            {t("recording.question.who")} {granted && t("recording.account.running")}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button
              look="secondary"
              busy={answer.isPending}
              onClick={() => answer.mutate(!granted)}
              data-testid="change-recording"
            >
              {t(granted ? "recording.account.turnOff" : "recording.account.turnOn")}
            </Button>
            {recordings > 0 && !erasing && (
              <Button look="quiet" onClick={() => setAsking(true)} data-testid="erase-recordings">
                {t("recording.account.erase")}
              </Button>
            )}
          </div>
          <Refusal error={answer.error} />
        </>
      )}
      <p className="text-sm text-quiet" role="status">
        {erasing
          ? t("recording.account.erased")
          : recordings === 0
            ? t("recording.account.keptNone")
            : t("recording.account.kept", { count: recordings })}
      </p>
      {asking && (
        <ConfirmDialog
          title={t("recording.account.eraseTitle")}
          body={<p>{t("recording.account.eraseBody")}</p>}
          action={t("recording.account.erase")}
          busy={erase.isPending}
          error={erase.error}
          onConfirm={() => erase.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function State({ consent }: { consent: RecordingConsent }) {
  const { t, i18n } = useTranslation();
  const on = (date: string) => ({ date: formatMoment(date, i18n.language) });
  if (consent.possible === false) return t("recording.account.impossible");
  if (consent.adult_needed) return t("recording.account.adult");
  if (consent.granted && consent.granted_at) return t("recording.account.on", on(consent.granted_at));
  if (!consent.asked && consent.granted_at && !consent.withdrawn_at) return t("recording.account.outdated");
  return consent.withdrawn_at
    ? t("recording.account.offSince", on(consent.withdrawn_at))
    : t("recording.account.off");
}
