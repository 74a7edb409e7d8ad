import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { keepPlacement } from "./kept-placement";
import { placementQuery } from "./onboarding-api";

/** A level that is being worked out, or the way to its reasons. */
export function FoundLevel({ id }: { id: string }) {
  const { t } = useTranslation();
  const found = useQuery(placementQuery(id)).data;
  if (found === undefined || found.state === "abandoned") return null;
  if (found.state === "running") return <Message testId="level-coming">{t("onboarding.judging")}</Message>;
  return (
    <Message
      testId="level-found"
      title={found.level ? t("onboarding.resultTitle", { level: found.level }) : t("onboarding.refusedTitle")}
      actions={
        <Link
          to="/begin"
          search={{ placement: id }}
          onClick={() => keepPlacement(null)}
          className={buttonClass("primary")}
        >
          {t("onboarding.seeReasons")}
        </Link>
      }
    />
  );
}
