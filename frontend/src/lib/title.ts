import { useEffect } from "react";
import { useTranslation } from "@/i18n";

/** Names the page in the browser's tab and for screen readers. */
export function useTitle(title: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
}
