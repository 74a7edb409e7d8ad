import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleSlash, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Segmented } from "@/components/segmented";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { focusHeading } from "@/lib/focus";
import { useTitle } from "@/lib/title";
import { forgetCounts, itemsQuery, type ReviewItem, reviews } from "./practice-api";
import { NextDue } from "./when";

type Which = "coming" | "suspended";

/** Every item that comes back, and those that are left out. */
export function ItemsPage() {
  const { t } = useTranslation();
  const [which, show] = useState<Which>("coming");
  const items = useInfiniteQuery(itemsQuery(which === "suspended"));
  useTitle(t("practice.items"));
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-8">
      <header className="grid gap-2">
        <Link to="/practice" className={BACK_LINK}>
          <BackWords>{t("practice.title")}</BackWords>
        </Link>
        <h1 tabIndex={-1} className="text-3xl font-bold outline-none">
          {t("practice.items")}
        </h1>
      </header>
      <Segmented
        label={t("practice.which")}
        value={which}
        options={[
          { value: "coming", label: t("practice.coming") },
          { value: "suspended", label: t("practice.suspended") },
        ]}
        onChange={show}
        testId="which"
      />
      {items.isPending ? (
        <Skeleton rows={3} />
      ) : items.data === undefined ? (
        <Failure
          title={t("practice.failed")}
          error={items.error}
          busy={items.isFetching}
          onRetry={() => void items.refetch()}
        />
      ) : rows.length === 0 ? (
        <Empty
          title={t("practice.noItems")}
          body={t(which === "suspended" ? "practice.noneSuspended" : "practice.empty")}
        />
      ) : (
        <ul className="grid gap-3" data-testid="items">
          {rows.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
      <More list={items} title={t("practice.failed")} />
    </div>
  );
}

function Row({ item }: { item: ReviewItem }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (how: "suspend" | "restore" | "remove") => reviews[how](item.id),
    onSuccess: () => {
      forgetCounts(queries);
      focusHeading();
    },
  });
  return (
    <li className="grid gap-2 rounded-card border border-line bg-surface p-4">
      <p className="text-sm font-semibold text-quiet">{t(`practice.kind_${item.kind}`)}</p>
      <p lang="en" translate="no" className="text-lg font-semibold break-words">
        {item.answer}
      </p>
      <p lang="en" translate="no" className="break-words text-quiet">
        {item.cue}
      </p>
      {item.suspended_at === null && <NextDue at={item.due_at} />}
      <div className="flex flex-wrap gap-2">
        {item.suspended_at === null ? (
          <Button look="quiet" busy={change.isPending} onClick={() => change.mutate("suspend")}>
            <CircleSlash aria-hidden className="size-4" />
            {t("practice.suspend")}
          </Button>
        ) : (
          <Button look="quiet" busy={change.isPending} onClick={() => change.mutate("restore")}>
            <RotateCcw aria-hidden className="size-4" />
            {t("practice.restore")}
          </Button>
        )}
        <Button look="quiet" busy={change.isPending} onClick={() => change.mutate("remove")}>
          <Trash2 aria-hidden className="size-4" />
          {t("practice.remove")}
        </Button>
      </div>
      {change.isError && (
        <p role="alert" className="text-sm text-danger">
          {t(errorKey(change.error))}
        </p>
      )}
    </li>
  );
}
