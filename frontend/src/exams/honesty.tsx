import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";

/** What the result of a mock exam is, and what it is not. */
export function NotOfficial() {
  const { t } = useTranslation();
  return (
    <p className="max-w-prose text-sm text-quiet" data-testid="not-official">
      {t("exams.notOfficial")}{" "}
      <Link to="/help/scores" className="font-semibold text-primary underline">
        {t("exams.howScored")}
      </Link>
    </p>
  );
}
