import { Link } from "@tanstack/react-router";
import { Ear } from "lucide-react";
import { useTranslation } from "@/i18n";

/** Told on every page for as long as an instructor listens in on the call. */
export function Listened() {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      data-testid="listened"
      className="flex flex-wrap items-center justify-center gap-x-3 bg-learner-soft px-4 py-1 text-learner"
    >
      <span className="flex items-center gap-2 font-semibold">
        <Ear aria-hidden className="size-4" />
        {t("feedback.listened")}
      </span>
      <Link
        to="/account/privacy"
        hash="listening"
        className="flex min-h-11 items-center font-semibold underline"
      >
        {t("feedback.listenedChange")}
      </Link>
    </div>
  );
}
