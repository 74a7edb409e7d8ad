import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n";
import { newsQuery } from "@/lib/news";

/** The number of new comments and of assignments that are not done; nothing for none. */
export function NewsMark() {
  const { t } = useTranslation();
  const news = useQuery(newsQuery).data;
  const count = news ? news.new_comments + news.open_assignments : 0;
  if (count === 0) return null;
  return (
    <span
      data-testid="news"
      className="grid min-w-5 place-items-center rounded-full bg-learner px-1.5 text-xs leading-5 font-bold text-surface"
    >
      <span aria-hidden>{count}</span>
      <span className="sr-only">{t("feedback.waiting", { count })}</span>
    </span>
  );
}
