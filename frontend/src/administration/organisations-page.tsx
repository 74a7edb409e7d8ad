import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Row } from "@/account/listing";
import { Done } from "@/account/outcome";
import { AccountPage, Section } from "@/account/section";
import { useMoments } from "@/account/since";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { administrationApi, type Organisation, organisationsQuery } from "./administration-api";
import { Badge, Pages, SearchBox } from "./parts";

/** Schools and companies of the installation, and pausing them. */
export function OrganisationsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const organisations = useInfiniteQuery(organisationsQuery(search));
  const [asked, setAsked] = useState<Organisation | null>(null);
  const [done, setDone] = useState("");
  return (
    <AccountPage
      title={t("administration.organisations.title")}
      lead={t("administration.organisations.lead")}
    >
      <Section id="organisations" title={t("administration.organisations.list")}>
        <SearchBox
          label={t("administration.organisations.search")}
          hint={t("administration.organisations.searchHint")}
          onSearch={setSearch}
        />
        <Done>{done}</Done>
        <Pages
          query={organisations}
          testId="organisations"
          empty={t(search ? "administration.organisations.none" : "administration.organisations.empty")}
        >
          {(found) => <OrganisationRow organisation={found} onAsk={() => setAsked(found)} />}
        </Pages>
      </Section>
      {asked && (
        <Suspending
          organisation={asked}
          onClose={() => setAsked(null)}
          onDone={(suspended) => {
            setAsked(null);
            setDone(
              t(
                suspended
                  ? "administration.organisations.isSuspended"
                  : "administration.organisations.isResumed",
                {
                  name: asked.name,
                },
              ),
            );
          }}
        />
      )}
    </AccountPage>
  );
}

function OrganisationRow({ organisation, onAsk }: { organisation: Organisation; onAsk: () => void }) {
  const { t } = useTranslation();
  const moment = useMoments();
  const suspended = organisation.suspended_at !== null;
  return (
    <Row
      icon={Building2}
      title={
        <>
          <span translate="no">{organisation.name}</span>
          {suspended && <Badge warning>{t("administration.organisations.suspended")}</Badge>}
        </>
      }
      action={
        <Button look="secondary" onClick={onAsk}>
          {t(suspended ? "administration.organisations.resume" : "administration.organisations.suspend")}
        </Button>
      }
    >
      <span>{t("administration.organisations.members", { count: organisation.members })}</span>
      <span>{t("administration.organisations.calls", { count: organisation.calls_last_30_days })}</span>
      <span>
        {organisation.last_call_at
          ? t("administration.organisations.lastCall", { when: moment(organisation.last_call_at) })
          : t("administration.organisations.noCall")}
      </span>
      {organisation.suspension_reason && (
        <span className="wrap-anywhere">
          {t("administration.organisations.because", { reason: organisation.suspension_reason })}
        </span>
      )}
    </Row>
  );
}

interface SuspendingProps {
  organisation: Organisation;
  onClose: () => void;
  onDone: (suspended: boolean) => void;
}

function Suspending({ organisation, onClose, onDone }: SuspendingProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const suspend = organisation.suspended_at === null;
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const change = useChange(
    () =>
      suspend
        ? administrationApi.suspend(organisation.id, reason)
        : administrationApi.resume(organisation.id),
    async () => {
      await queries.invalidateQueries({ queryKey: ["administration", "organisations"] });
      onDone(suspend);
    },
  );
  const confirm = () => {
    setMissing(suspend && reason.trim() === "");
    if (!suspend || reason.trim() !== "") change.mutate();
  };
  const which = suspend ? "suspend" : "resume";
  return (
    <ConfirmDialog
      title={t(`administration.organisations.ask_${which}`, { name: organisation.name })}
      body={<p>{t(`administration.organisations.askBody_${which}`)}</p>}
      action={t(`administration.organisations.${which}`)}
      danger={suspend}
      busy={change.isPending}
      error={change.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {suspend && (
        <Field
          label={t("administration.organisations.reason")}
          hint={t("administration.organisations.reasonHint")}
          error={missing ? t("administration.organisations.reasonMissing") : undefined}
          value={reason}
          maxLength={300}
          name="reason"
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </ConfirmDialog>
  );
}
