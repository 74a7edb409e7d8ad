import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { Empty } from "@/components/states";
import { useTranslation } from "@/i18n";

/** To a learner who came to an instructor's page. */
export function NotForLearners() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t("review.refused")}
      body={t("review.refusedBody")}
      action={
        <Link to="/" className={buttonClass()}>
          {t("app.talk")}
        </Link>
      }
    />
  );
}
