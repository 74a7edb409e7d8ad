import { useQuery } from "@tanstack/react-query";
import { CountMark } from "@/components/count-mark";
import { useTranslation } from "@/i18n";
import { newsQuery } from "@/lib/news";

/** The number of items that are due; nothing for none. */
export function DueMark() {
  const { t } = useTranslation();
  const count = useQuery(newsQuery).data?.due_reviews ?? 0;
  return <CountMark count={count} label={t("feedback.due", { count })} testId="due-mark" />;
}
