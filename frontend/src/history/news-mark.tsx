import { useQuery } from "@tanstack/react-query";
import { CountMark } from "@/components/count-mark";
import { useTranslation } from "@/i18n";
import { newsQuery } from "@/lib/news";

/** The number of new comments and of assignments that are not done; nothing for none. */
export function NewsMark() {
  const { t } = useTranslation();
  const news = useQuery(newsQuery).data;
  const count = news ? news.new_comments + news.open_assignments : 0;
  return <CountMark count={count} label={t("feedback.waiting", { count })} testId="news" />;
}
