import { useTranslation } from "@/i18n";
import { ClientsSection } from "./clients-section";
import { KeysSection } from "./keys-section";
import { AccountPage } from "./section";

/** What opens the account for programs; most people never need it, and the page says so. */
export function ProgramsPage() {
  const { t } = useTranslation();
  return (
    <AccountPage title={t("account.programs.title")} lead={t("account.programs.lead")}>
      <KeysSection />
      <ClientsSection />
    </AccountPage>
  );
}
