import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/button";
import { Empty } from "@/components/states";

export function NotFoundPage() {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${t("notFound.title")} · ${t("app.name")}`;
  }, [t]);
  return (
    <main className="grid min-h-full place-items-center">
      <Empty
        level="h1"
        title={t("notFound.title")}
        body={t("notFound.body")}
        action={
          <Link to="/" className={buttonClass()}>
            {t("notFound.action")}
          </Link>
        }
      />
    </main>
  );
}
