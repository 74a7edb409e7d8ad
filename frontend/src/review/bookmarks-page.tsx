import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useChange } from "@/account/use-change";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isForbidden } from "@/lib/error-text";
import { formatMoment } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { IconButton } from "./icon-button";
import { NotForLearners } from "./refusals";
import { type Bookmarked, bookmarksQuery, reviewApi } from "./review-api";

/** The places that an instructor marked for themselves. */
export function BookmarksPage() {
  const { t } = useTranslation();
  const bookmarks = useInfiniteQuery(bookmarksQuery);
  useTitle(t("review.bookmarks"));
  const items = bookmarks.data?.pages.flatMap((page) => page.items);
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-6 sm:py-8">
      <Link to="/review" className={BACK_LINK}>
        <BackWords>{t("review.back")}</BackWords>
      </Link>
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("review.bookmarks")}</h1>
        <p className="text-lg text-quiet">{t("review.bookmarksLead")}</p>
      </header>
      {items ? (
        items.length === 0 ? (
          <Empty title={t("review.noBookmarks")} body={t("review.noBookmarksBody")} />
        ) : (
          <>
            <ul className="grid gap-3" data-testid="bookmarks">
              {items.map((one) => (
                <li key={one.id}>
                  <Line one={one} />
                </li>
              ))}
            </ul>
            <More list={bookmarks} title={t("review.bookmarksFailed")} />
          </>
        )
      ) : isForbidden(bookmarks.error) ? (
        <NotForLearners />
      ) : bookmarks.isError ? (
        <Failure
          title={t("review.bookmarksFailed")}
          error={bookmarks.error}
          busy={bookmarks.isFetching}
          onRetry={() => void bookmarks.refetch()}
        />
      ) : (
        <Skeleton rows={3} />
      )}
    </div>
  );
}

function Line({ one }: { one: Bookmarked }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const remove = useChange(
    () => reviewApi.removeBookmark(one.id),
    () => queries.invalidateQueries({ queryKey: bookmarksQuery.queryKey }),
  );
  return (
    <div className="flex items-start gap-2 rounded-card border border-line bg-surface p-4 hover:border-primary">
      <Link
        to="/review/calls/$callId"
        params={{ callId: one.call_id }}
        search={one.turn_id === null ? {} : { turn: one.turn_id }}
        className="grid min-w-0 grow gap-1"
      >
        <bdi translate="no" className="font-semibold">
          {one.learner_name}
        </bdi>
        <time dateTime={one.call_started_at} className="text-sm text-quiet">
          {formatMoment(one.call_started_at, i18n.language)}
        </time>
        {one.turn_id === null ? (
          <span className="text-quiet">{t("review.wholeCall")}</span>
        ) : (
          <span dir="auto" translate="no" className="line-clamp-2 break-words">
            {one.words}
          </span>
        )}
      </Link>
      <IconButton
        icon={Trash2}
        label={t("review.removeBookmark")}
        busy={remove.isPending}
        onClick={() => remove.mutate()}
      />
    </div>
  );
}
