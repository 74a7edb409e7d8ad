import { useQuery } from "@tanstack/react-query";
import { Terminal } from "lucide-react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { type ApiClient, accountApi, clientsQuery } from "./account-api";
import { ConfirmDialog } from "./confirm-dialog";
import { Listing, Row } from "./listing";
import { Done } from "./outcome";
import { Section } from "./section";
import { isNow, useMoments } from "./since";
import { useEnding } from "./use-ending";

const SECTION = "clients";

/** Programs that somebody signed in to with the password. */
export function ClientsSection() {
  const { t } = useTranslation();
  const moment = useMoments();
  const clients = useQuery(clientsQuery);
  const ending = useEnding(SECTION, clientsQuery.queryKey, (client: ApiClient) =>
    accountApi.endClient(client.id),
  );
  const nameOf = (client: ApiClient) => client.client_name || t("account.clients.unnamed");
  return (
    <Section id={SECTION} title={t("account.clients.title")} lead={t("account.clients.lead")}>
      <Listing query={clients} empty={t("account.clients.empty")} testId="clients">
        {(client) => (
          <Row
            icon={Terminal}
            title={<span translate={client.client_name ? "no" : undefined}>{nameOf(client)}</span>}
            action={
              <Button
                look="secondary"
                aria-label={t("account.clients.endNamed", { name: nameOf(client) })}
                onClick={() => ending.ask(client)}
              >
                {t("account.clients.end")}
              </Button>
            }
          >
            <span>
              {isNow(client.last_used_at)
                ? t("account.usedNow")
                : t("account.used", { when: moment(client.last_used_at) })}
            </span>
            <span>{t("account.ends", { when: moment(client.expires_at) })}</span>
          </Row>
        )}
      </Listing>
      <Done>{ending.ended && t("account.clients.ended", { name: nameOf(ending.ended) })}</Done>
      {ending.asked && (
        <ConfirmDialog
          title={t("account.clients.endTitle", { name: nameOf(ending.asked) })}
          body={<p>{t("account.clients.endBody")}</p>}
          action={t("account.clients.end")}
          {...ending.dialog}
        />
      )}
    </Section>
  );
}
