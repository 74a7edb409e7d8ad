import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { Empty } from "@/components/states";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t("notFound.title"));
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
