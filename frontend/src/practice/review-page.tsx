import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Undo2, X } from "lucide-react";
import { useReducer } from "react";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { ProgressBar } from "@/components/progress-bar";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { useTitle } from "@/lib/title";
import { Card } from "./card";
import {
  type DueReviews,
  dueQuery,
  forgetCounts,
  newGradingId,
  type Rating,
  type ReviewItem,
  reviews,
} from "./practice-api";
import { begin, type Round, step } from "./round";
import { NextDue } from "./when";

/** What is due, one after the other, until nothing is. */
export function ReviewPage() {
  const { t } = useTranslation();
  const due = useQuery(dueQuery);
  useTitle(t("practice.reviewTitle"));
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-4 px-4 py-6">
      {due.data ? (
        <Sitting key={due.dataUpdatedAt} due={due.data} onMore={() => void due.refetch()} />
      ) : (
        <>
          <h1 className="text-2xl font-bold">{t("practice.reviewTitle")}</h1>
          {due.isError ? (
            <Failure
              title={t("practice.failed")}
              error={due.error}
              busy={due.isFetching}
              onRetry={() => void due.refetch()}
            />
          ) : (
            <Skeleton rows={3} />
          )}
        </>
      )}
    </div>
  );
}

interface Sent {
  item: ReviewItem;
  rating: Rating;
  gradingId: string;
}

function Sitting({ due, onMore }: { due: DueReviews; onMore: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [round, take] = useReducer(step, begin(due.items, due.next_due_at));
  const grade = useMutation({
    mutationFn: ({ item, rating, gradingId }: Sent) => reviews.grade(item.id, gradingId, rating),
    onSuccess: (graded, { item, rating, gradingId }) => {
      forgetCounts(queries);
      take({
        kind: "graded",
        graded: graded.item,
        before: item,
        gradingId,
        rating,
        now: Date.now(),
        nextDueAt: graded.next_due_at,
      });
    },
  });
  const undo = useMutation({
    mutationFn: (last: NonNullable<Round["last"]>) => reviews.undo(last.item.id, last.gradingId),
    onSuccess: (undone) => {
      forgetCounts(queries);
      take({ kind: "undone", item: undone.item });
    },
  });
  const [item] = round.queue;
  const send = (rating: Rating) => {
    if (item === undefined || grade.isPending) return;
    // After a failure the same key goes out again: the first may have arrived.
    const again = grade.isError && grade.variables.item === item && grade.variables.rating === rating;
    grade.mutate({ item, rating, gradingId: again ? grade.variables.gradingId : newGradingId() });
  };
  return (
    <>
      <Bar round={round} busy={undo.isPending} onUndo={() => round.last && undo.mutate(round.last)} />
      {undo.isError && (
        <Message tone="danger" urgent>
          {t(errorKey(undo.error))}
        </Message>
      )}
      {item ? (
        <Card
          key={`${item.id} ${item.due_at} ${round.done}`}
          item={item}
          busy={grade.isPending}
          error={grade.isError && grade.variables.item === item ? grade.error : null}
          onGrade={send}
          onDropped={() => {
            forgetCounts(queries);
            take({ kind: "dropped", itemId: item.id });
          }}
        />
      ) : (
        <Finished round={round} more={due.due > due.items.length} onMore={onMore} />
      )}
    </>
  );
}

function Bar({ round, busy, onUndo }: { round: Round; busy: boolean; onUndo: () => void }) {
  const { t } = useTranslation();
  const all = round.done + round.queue.length;
  return (
    <header className="grid gap-2">
      <div className="flex items-center gap-2">
        <h1 className="me-auto text-2xl font-bold">{t("practice.reviewTitle")}</h1>
        {round.last && (
          <Button look="quiet" busy={busy} onClick={onUndo} data-testid="undo">
            {!busy && <Undo2 aria-hidden className="size-4" />}
            {t("practice.undo")}
          </Button>
        )}
        <Link to="/practice" aria-label={t("practice.leave")} className={buttonClass("quiet", "px-3")}>
          <X aria-hidden className="size-5" />
        </Link>
      </div>
      {round.queue.length > 0 && (
        <>
          <p className="text-sm text-quiet" data-testid="place">
            {t("practice.place", { done: round.done, all })}
          </p>
          <ProgressBar label={t("practice.place", { done: round.done, all })} value={round.done} max={all} />
        </>
      )}
    </header>
  );
}

function Finished({ round, more, onMore }: { round: Round; more: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  return (
    <div data-testid="finished">
      <Empty
        title={round.done > 0 ? t("practice.finished", { count: round.done }) : t("practice.nothingDue")}
        body={t(round.done > 0 ? "practice.finishedBody" : "practice.nothingDueBody")}
        action={
          <div className="grid justify-items-center gap-4">
            <NextDue at={round.nextDueAt} />
            <div className="flex flex-wrap justify-center gap-2">
              {more && <Button onClick={onMore}>{t("practice.more")}</Button>}
              <Link to="/" className={buttonClass(more ? "secondary" : "primary")}>
                {t("practice.talk")}
              </Link>
              <Link to="/practice" className={buttonClass("secondary")}>
                {t("practice.title")}
              </Link>
            </div>
          </div>
        }
      />
    </div>
  );
}
