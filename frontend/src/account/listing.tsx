import type { UseQueryResult } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";

interface ListingProps<Item> {
  query: UseQueryResult<Item[]>;
  empty: string;
  testId: string;
  children: (item: Item) => ReactNode;
}

/** What lets somebody in, one line each; or that it is being asked for, that there is none, or why it is unknown. */
export function Listing<Item extends { id: string }>({ query, empty, testId, children }: ListingProps<Item>) {
  const { t } = useTranslation();
  if (query.data === undefined) {
    if (!query.isError) return <Skeleton rows={1} />;
    return (
      <Failure
        title={t("account.listFailed")}
        error={query.error}
        busy={query.isFetching}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.data.length === 0) return <p className="text-quiet">{empty}</p>;
  return (
    <ul className="grid divide-y divide-line" data-testid={testId}>
      {query.data.map((item) => (
        <li key={item.id} className="py-3 first:pt-0 last:pb-0">
          {children(item)}
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  icon: LucideIcon;
  title: ReactNode;
  badge?: string | undefined;
  children: ReactNode;
  action?: ReactNode;
}

/** One line of a list: what it is, what is known of it, and the way to end it. */
export function Row({ icon: Icon, title, badge, children, action }: RowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Icon aria-hidden className="size-6 shrink-0 self-start text-coach sm:self-center" />
      <div className="grid min-w-0 grow basis-48 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2 font-semibold break-words">
          {title}
          {badge && (
            <span className="rounded-full border border-line px-2.5 text-sm font-semibold">{badge}</span>
          )}
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-quiet">{children}</p>
      </div>
      {action && <div className="max-sm:ms-10">{action}</div>}
    </div>
  );
}
