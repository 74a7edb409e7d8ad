import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n";
import { newsQuery } from "@/lib/news";

/** The number of items that are due; nothing for none. */
export function DueMark() {
  const { t } = useTranslation();
  const count = useQuery(newsQuery).data?.due_reviews ?? 0;
  if (count === 0) return null;
  return (
    <span
      data-testid="due-mark"
      className="grid min-w-5 place-items-center rounded-full bg-learner px-1.5 text-xs leading-5 font-bold text-surface"
    >
      <span aria-hidden>{count}</span>
      <span className="sr-only">{t("feedback.due", { count })}</span>
    </span>
  );
}
