import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { sinceOrUntil } from "@/account/since";
import { useChange } from "@/account/use-change";
import { useTranslation } from "@/i18n";
import { CommentEditor } from "./comment-editor";
import { Composer } from "./composer";
import { type Comment, callReviewQuery, reviewApi } from "./review-api";
import { refusalWords } from "./words";

interface ThreadProps {
  /** The comment, and its answers in their order. */
  comment: Comment;
  answers: readonly Comment[];
  /** The words that it is about. */
  quote?: string | undefined;
}

/** A comment with what was answered, and a way to answer. */
export function Thread({ comment, answers, quote }: ThreadProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [answering, setAnswering] = useState(false);
  const answer = (text: string) => reviewApi.comment(comment.call_id, { text, parent_id: comment.id });
  return (
    <article
      className="grid gap-2 rounded-2xl border border-line bg-surface p-3"
      data-testid="thread"
      data-comment={comment.id}
    >
      {quote && (
        <p className="text-sm text-quiet">
          {t("review.on")}{" "}
          <q translate="no" className="font-semibold text-ink">
            {quote}
          </q>
        </p>
      )}
      <Said comment={comment} answered={answers.length > 0} />
      {answers.map((one) => (
        <div key={one.id} className="border-s-2 border-line ps-3">
          <Said comment={one} answered={false} />
        </div>
      ))}
      {answering ? (
        <Composer
          label={t("review.replyTo")}
          action={t("review.reply")}
          send={answer}
          onSent={() => {
            setAnswering(false);
            void queries.invalidateQueries({ queryKey: callReviewQuery(comment.call_id).queryKey });
          }}
          onCancel={() => setAnswering(false)}
        />
      ) : (
        answers.some((one) => one.by_learner) && (
          <button type="button" onClick={() => setAnswering(true)} className={TEXT_BUTTON}>
            {t("review.reply")}
          </button>
        )
      )}
    </article>
  );
}

const TEXT_BUTTON =
  "inline-flex min-h-11 items-center justify-self-start rounded-lg px-2 text-sm font-semibold text-primary hover:underline";

function Said({ comment, answered }: { comment: Comment; answered: boolean }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const remove = useChange(
    () => reviewApi.deleteComment(comment),
    () => {
      setDeleting(false);
      return queries.invalidateQueries({ queryKey: callReviewQuery(comment.call_id).queryKey });
    },
  );
  if (editing) return <CommentEditor comment={comment} onClose={() => setEditing(false)} />;
  return (
    <div className="grid gap-1">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-quiet">
        <Author comment={comment} />
        <time dateTime={comment.created_at}>{sinceOrUntil(comment.created_at, i18n.language)}</time>
        {comment.version > 1 && <span>{t("review.edited")}</span>}
        {comment.new && (
          <span className={clsx(comment.by_learner && "rounded-full bg-learner-soft px-2 text-learner")}>
            {t(comment.by_learner ? "review.newAnswer" : "review.notRead")}
          </span>
        )}
      </p>
      <p dir="auto" translate="no" className="break-words whitespace-pre-wrap">
        {comment.text}
      </p>
      {comment.mine && (
        <div className="-ms-2 flex flex-wrap">
          <button type="button" onClick={() => setEditing(true)} className={TEXT_BUTTON}>
            {t("review.edit")}
          </button>
          {!answered && (
            <button type="button" onClick={() => setDeleting(true)} className={TEXT_BUTTON}>
              {t("review.delete")}
            </button>
          )}
        </div>
      )}
      {deleting && (
        <ConfirmDialog
          title={t("review.deleteComment")}
          body={<p>{t("review.deleteCommentBody")}</p>}
          action={t("review.delete")}
          busy={remove.isPending}
          refusal={remove.isError && refusalWords(t, remove.error)}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}

function Author({ comment }: { comment: Comment }) {
  const { t } = useTranslation();
  const look = clsx("font-semibold", comment.by_learner ? "text-learner" : "text-ink");
  if (comment.mine) return <span className={look}>{t("review.you")}</span>;
  if (comment.author_name)
    return (
      <bdi translate="no" className={look}>
        {comment.author_name}
      </bdi>
    );
  return <span className={look}>{t(comment.by_learner ? "review.goneLearner" : "review.somebody")}</span>;
}
