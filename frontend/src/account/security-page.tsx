import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { DevicesSection } from "./devices-section";
import { EmailSection } from "./email-section";
import { PasswordSection } from "./password-section";
import { ProvidersSection } from "./providers-section";
import { AccountPage } from "./section";

/** Everything that opens the account in a browser. */
export function SecurityPage() {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  return (
    <AccountPage title={t("account.security.title")} lead={t("account.security.lead")}>
      {me && <EmailSection me={me} />}
      {me && <PasswordSection me={me} />}
      {me && <ProvidersSection me={me} />}
      <DevicesSection />
    </AccountPage>
  );
}
