import { useQuery } from "@tanstack/react-query";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { configQuery } from "@/lib/queries";

/** On a local installation: where the mail is that was just promised. */
export function LocalMail() {
  const { t } = useTranslation();
  const config = useQuery(configQuery);
  if (!config.data?.embedded) return null;
  return <Message testId="local-mail">{t("auth.localMail")}</Message>;
}
