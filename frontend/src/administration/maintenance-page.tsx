import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { AccountPage, Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { configQuery } from "@/lib/queries";
import { administrationApi, type Maintenance, maintenanceQuery } from "./administration-api";
import { Loaded } from "./parts";

/** Keeping new calls away while something is done to the server. */
export function MaintenancePage() {
  const { t } = useTranslation();
  const maintenance = useQuery({ ...maintenanceQuery, refetchInterval: 10_000 });
  return (
    <AccountPage title={t("administration.maintenance.title")} lead={t("administration.maintenance.lead")}>
      <Section id="maintenance" title={t("administration.maintenance.state")}>
        <Loaded query={maintenance}>{(state) => <MaintenanceView state={state} />}</Loaded>
      </Section>
    </AccountPage>
  );
}

function MaintenanceView({ state }: { state: Maintenance }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [minutes, setMinutes] = useState("");
  const [message, setMessage] = useState(state.message);
  const [asked, setAsked] = useState<"begin" | "end" | null>(null);
  const [wrong, setWrong] = useState(false);
  const planned = minutes.trim() === "" ? null : Number(minutes);
  const change = useChange(
    (which: "begin" | "end") =>
      which === "begin"
        ? administrationApi.beginMaintenance(planned, message)
        : administrationApi.endMaintenance(),
    async () => {
      setAsked(null);
      await Promise.all([
        queries.invalidateQueries({ queryKey: maintenanceQuery.queryKey }),
        queries.invalidateQueries({ queryKey: configQuery.queryKey }),
      ]);
    },
  );
  const ask = (which: "begin" | "end") => {
    const bad =
      which === "begin" &&
      planned !== null &&
      !(Number.isInteger(planned) && planned >= 1 && planned <= 10_080);
    setWrong(bad);
    change.reset();
    if (!bad) setAsked(which);
  };
  return (
    <>
      <Message
        tone={state.on ? "warning" : "info"}
        testId={state.on ? "maintenance-on" : "maintenance-off"}
        title={t(state.on ? "administration.maintenance.on" : "administration.maintenance.off")}
      >
        <p>{t("administration.maintenance.running", { count: state.open_calls })}</p>
        {state.since && (
          <p>{t("administration.maintenance.since", { when: formatMoment(state.since, i18n.language) })}</p>
        )}
        {state.until && (
          <p>{t("administration.maintenance.until", { when: formatMoment(state.until, i18n.language) })}</p>
        )}
      </Message>
      <Field
        label={t("administration.maintenance.minutes")}
        hint={t("administration.maintenance.minutesHint")}
        error={wrong ? t("administration.maintenance.minutesWrong") : undefined}
        value={minutes}
        inputMode="numeric"
        name="minutes"
        autoComplete="off"
        onChange={(event) => setMinutes(event.target.value)}
      />
      <Field
        label={t("administration.maintenance.message")}
        hint={t("administration.maintenance.messageHint")}
        value={message}
        maxLength={300}
        name="message"
        autoComplete="off"
        onChange={(event) => setMessage(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        <Button look={state.on ? "secondary" : "primary"} onClick={() => ask("begin")}>
          {t(state.on ? "administration.maintenance.update" : "administration.maintenance.begin")}
        </Button>
        {state.on && <Button onClick={() => ask("end")}>{t("administration.maintenance.end")}</Button>}
      </div>
      <Done>{change.isSuccess && t(`administration.maintenance.done_${change.variables}`)}</Done>
      {asked && (
        <ConfirmDialog
          title={t(`administration.maintenance.ask_${asked}`)}
          body={<p>{t(`administration.maintenance.askBody_${asked}`)}</p>}
          action={t(`administration.maintenance.${asked}`)}
          danger={false}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
