import { useQuery } from "@tanstack/react-query";
import { Link2, Mail } from "lucide-react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Listing, Row } from "@/account/listing";
import { Done } from "@/account/outcome";
import { Section } from "@/account/section";
import { useMoments } from "@/account/since";
import { useEnding } from "@/account/use-ending";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { useTranslation } from "@/i18n";
import { LinkForm, MailForm } from "./invite-forms";
import { type Invitation, invitationsQuery, type Organisation, schoolApi } from "./organisations-api";

const SECTION = "invitations";

/** How people come in: a link to hand out, letters to addresses, and what became of them. */
export function InvitationsPart(_: { school: Organisation }) {
  const { t } = useTranslation();
  const invitations = useQuery(invitationsQuery);
  const ending = useEnding(SECTION, invitationsQuery.queryKey, (one: Invitation) => schoolApi.revoke(one.id));
  return (
    <>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Section id="by-link" title={t("schools.invite.linkTitle")} lead={t("schools.invite.linkLead")}>
          <LinkForm />
        </Section>
        <Section id="by-mail" title={t("schools.invite.mailTitle")} lead={t("schools.invite.mailLead")}>
          <MailForm />
        </Section>
      </div>
      <Section id={SECTION} title={t("schools.invite.listTitle")} lead={t("schools.invite.listLead")}>
        <Listing query={invitations} empty={t("schools.invite.empty")} testId="invitations">
          {(one) => <InvitationRow one={one} onRevoke={() => ending.ask(one)} />}
        </Listing>
        <Done>{ending.ended && t("schools.invite.revoked")}</Done>
      </Section>
      {ending.asked && (
        <ConfirmDialog
          title={t("schools.invite.revokeTitle")}
          body={<p>{t("schools.invite.revokeBody")}</p>}
          action={t("schools.invite.revoke")}
          {...ending.dialog}
        />
      )}
    </>
  );
}

function InvitationRow({ one, onRevoke }: { one: Invitation; onRevoke: () => void }) {
  const { t } = useTranslation();
  const moment = useMoments();
  const name = one.email ?? t("schools.invite.link");
  return (
    <Row
      icon={one.email ? Mail : Link2}
      title={one.email ? <span translate="no">{one.email}</span> : name}
      badge={t(`schools.invite.state_${one.state}`)}
      action={
        one.state === "open" && (
          <div className="flex flex-wrap items-center gap-2">
            {one.url && <CopyButton look="secondary" text={one.url} />}
            <Button look="quiet" aria-label={t("schools.invite.revokeNamed", { name })} onClick={onRevoke}>
              {t("schools.invite.revoke")}
            </Button>
          </div>
        )
      }
    >
      <span>{t(`schools.role_${one.role}`)}</span>
      {one.program && <span translate="no">{one.program}</span>}
      {one.email === null && <span>{t("schools.invite.uses", { count: one.max_uses, used: one.uses })}</span>}
      {one.state === "open" && <span>{t("account.ends", { when: moment(one.expires_at) })}</span>}
    </Row>
  );
}
