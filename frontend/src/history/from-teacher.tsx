import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { BookOpen, CircleCheck, MessageSquareText } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { More } from "@/components/more";
import { useTranslation } from "@/i18n";
import { formatShortDay, today } from "@/lib/format";
import { newsQuery } from "@/lib/news";
import {
  type Assignment,
  commentsQuery,
  feedbackApi,
  type MyComment,
  ownAssignmentsQuery,
} from "./feedback-api";

/** What the learner's teachers wrote and asked for; nothing for those who have no teacher. */
export function FromTeacher() {
  return (
    <>
      <Assignments />
      <Comments />
    </>
  );
}

function Assignments() {
  const { t } = useTranslation();
  const assignments = useInfiniteQuery(ownAssignmentsQuery);
  const items = assignments.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="assignments-title" className="grid gap-3">
      <h2 id="assignments-title" className="text-xl font-semibold">
        {t("feedback.assignments")}
      </h2>
      <ul className="grid gap-3" data-testid="assignments">
        {items.map((one) => (
          <li key={one.id}>
            <AssignmentCard assignment={one} />
          </li>
        ))}
      </ul>
      <More list={assignments} title={t("feedback.refused")} />
    </section>
  );
}

function AssignmentCard({ assignment }: { assignment: Assignment }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const done = assignment.done_at !== null;
  const mark = useMutation({
    mutationFn: () => feedbackApi.markDone(assignment.id, !done),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ownAssignmentsQuery.queryKey });
      await queries.invalidateQueries({ queryKey: newsQuery.queryKey });
    },
  });
  return (
    <article
      className={clsx(
        "grid gap-2 rounded-card border bg-surface p-4",
        done ? "border-line" : "border-learner-vivid",
      )}
    >
      <h3 translate="no" dir="auto" className="text-lg font-semibold break-words">
        {assignment.title}
      </h3>
      {assignment.body && (
        <p translate="no" dir="auto" className="break-words whitespace-pre-wrap">
          {assignment.body}
        </p>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="flex flex-wrap gap-x-3 text-sm text-quiet">
          <When assignment={assignment} />
          {assignment.author_name && (
            <span>{t("feedback.assignmentBy", { name: assignment.author_name })}</span>
          )}
        </p>
        {assignment.lesson_id && assignment.lesson_title && !done && (
          <Link
            to="/lessons/$lessonId"
            params={{ lessonId: assignment.lesson_id }}
            className={buttonClass("primary")}
          >
            <BookOpen aria-hidden className="size-4" />
            {t("feedback.toLesson")}
          </Link>
        )}
        <Button look={done ? "quiet" : "secondary"} busy={mark.isPending} onClick={() => mark.mutate()}>
          {!done && <CircleCheck aria-hidden className="size-4" />}
          {t(done ? "feedback.undo" : "feedback.markDone")}
        </Button>
      </div>
      {mark.isError && (
        <Message tone="danger" urgent>
          {t("feedback.refused")}
        </Message>
      )}
    </article>
  );
}

function When({ assignment }: { assignment: Assignment }) {
  const { t, i18n } = useTranslation();
  const { done_at, due_on } = assignment;
  if (done_at !== null) {
    const date = formatShortDay(today(new Date(done_at)), i18n.language);
    return <span className="font-semibold text-coach">{t("feedback.done", { date })}</span>;
  }
  if (due_on === null) return null;
  const date = formatShortDay(due_on, i18n.language);
  const late = due_on < today();
  return (
    <span className={clsx("font-semibold", late ? "text-danger" : "text-learner")}>
      {t(late ? "feedback.overdue" : "feedback.dueBy", { date })}
    </span>
  );
}

function Comments() {
  const { t } = useTranslation();
  const comments = useQuery(commentsQuery).data?.items ?? [];
  if (comments.length === 0) return null;
  return (
    <section aria-labelledby="comments-title" className="grid gap-3">
      <h2 id="comments-title" className="text-xl font-semibold">
        {t("feedback.title")}
      </h2>
      <ul className="grid gap-3" data-testid="comments">
        {comments.map((one) => (
          <li key={one.comment.id}>
            <CommentCard one={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function CommentCard({ one }: { one: MyComment }) {
  const { t } = useTranslation();
  const { comment } = one;
  return (
    <Link
      to="/calls/$callId"
      params={{ callId: comment.call_id }}
      className={clsx(
        "flex gap-3 rounded-card border bg-surface p-4 hover:border-primary",
        comment.new ? "border-learner-vivid" : "border-line",
      )}
    >
      <MessageSquareText aria-hidden className="mt-1 size-5 shrink-0 text-coach" />
      <span className="grid min-w-0 gap-1">
        <span className="flex flex-wrap items-baseline gap-x-2 text-sm text-quiet">
          <Author comment={comment} />
          {comment.new && (
            <span className="rounded-full bg-learner-soft px-2 font-semibold text-learner">
              {t("feedback.new")}
            </span>
          )}
        </span>
        {one.words ? (
          <q translate="no" className="truncate text-sm text-quiet">
            {one.words}
          </q>
        ) : (
          <span className="text-sm text-quiet">{t("feedback.note")}</span>
        )}
        <span translate="no" dir="auto" className="line-clamp-3 break-words whitespace-pre-wrap">
          {comment.text}
        </span>
      </span>
    </Link>
  );
}

/** Who wrote a comment, as the learner knows them. */
export function Author({ comment }: { comment: MyComment["comment"] }) {
  const { t } = useTranslation();
  if (comment.mine) return <span className="font-semibold text-learner">{t("feedback.you")}</span>;
  if (comment.author_name)
    return (
      <bdi translate="no" className="font-semibold text-ink">
        {comment.author_name}
      </bdi>
    );
  return <span className="font-semibold text-ink">{t("feedback.somebody")}</span>;
}
