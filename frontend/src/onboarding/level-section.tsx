import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import { levelQuery } from "./onboarding-api";

const LINK = "inline-flex min-h-11 items-center font-semibold text-primary underline";

/** Who or what said the level, and the way to find it anew. */
export function LevelOrigin() {
  const { t } = useTranslation();
  const level = useQuery(levelQuery).data;
  if (level === undefined) return null;
  const placement = level.source === "placed" ? level.history[0]?.placement_id : null;
  return (
    <p className="flex flex-wrap items-center gap-x-4 text-sm text-quiet" data-testid="level-origin">
      <span>{t(`onboarding.${level.source ?? "unset"}`)}</span>
      {placement && (
        <Link to="/begin" search={{ placement, next: "/account" }} className={LINK}>
          {t("onboarding.seeReasons")}
        </Link>
      )}
      <Link to="/begin" search={{ step: "level", next: "/account" }} className={LINK}>
        {t("onboarding.find")}
      </Link>
    </p>
  );
}
