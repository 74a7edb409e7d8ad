import { useTranslation } from "@/i18n";
import { Button } from "./button";
import { Failure } from "./failure";

interface MoreProps {
  /** A list that comes in pages. */
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
  /** What is said where the next page does not come. */
  title: string;
}

/** The way to the next page; nothing on the last. */
export function More({ list, title }: MoreProps) {
  const { t } = useTranslation();
  if (list.isFetchNextPageError)
    return <Failure title={title} error={list.error} onRetry={() => void list.fetchNextPage()} />;
  if (!list.hasNextPage) return null;
  return (
    <Button
      look="secondary"
      busy={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
      className="justify-self-center"
    >
      {t(list.isFetchingNextPage ? "common.loadingMore" : "common.loadMore")}
    </Button>
  );
}
