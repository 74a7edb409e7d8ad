import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { sinceOrUntil } from "@/account/since";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { newsQuery } from "@/lib/news";
import { toUnits } from "@/review/places";
import { type Comment, feedbackApi, threadQuery } from "./feedback-api";
import { Author } from "./from-teacher";

const ANSWER_CHARACTERS = 2_000;

/** What was written on a call; seeing it is having read it. */
export function useThread(callId: string) {
  const queries = useQueryClient();
  const thread = useQuery(threadQuery(callId));
  const unread = thread.data?.items.some((comment) => comment.new && !comment.by_learner) ?? false;
  const told = useRef(false);
  useEffect(() => {
    if (!unread || told.current) return;
    told.current = true;
    void feedbackApi
      .markRead(callId)
      .then(() => queries.invalidateQueries({ queryKey: newsQuery.queryKey }))
      .catch(() => {
        told.current = false;
      });
  }, [unread, callId, queries]);
  return thread;
}

/** Says that comments are missing where they could not be loaded; their absence would be mistaken for silence. */
export function ThreadFailure({ thread }: { thread: ReturnType<typeof useThread> }) {
  const { t } = useTranslation();
  if (!thread.isError || thread.data !== undefined) return null;
  return (
    <Failure
      title={t("feedback.failed")}
      error={thread.error}
      busy={thread.isFetching}
      onRetry={() => void thread.refetch()}
    />
  );
}

interface CommentsProps {
  /** All comments of the call. */
  items: readonly Comment[];
  /** Those on this turn; without it, those on the whole call. */
  turn?: { id: string; text: string };
}

/** Comments at their place, each with its answers and a way to answer. */
export function CommentsAt({ items, turn }: CommentsProps) {
  const turnId = turn?.id ?? null;
  const roots = items.filter((comment) => comment.turn_id === turnId && comment.parent_id === null);
  if (roots.length === 0) return null;
  return (
    <div className="mt-1 grid gap-2" data-testid="feedback">
      {roots.map((root) => (
        <Thread
          key={root.id}
          root={root}
          answers={items.filter((comment) => comment.parent_id === root.id)}
          quote={turn && quoteOf(root, turn.text)}
        />
      ))}
    </div>
  );
}

function quoteOf({ span_start, span_end }: Comment, text: string): string | undefined {
  if (span_start === null || span_end === null) return undefined;
  return text.slice(toUnits(text, span_start), toUnits(text, span_end));
}

interface ThreadProps {
  root: Comment;
  answers: readonly Comment[];
  quote: string | undefined;
}

function Thread({ root, answers, quote }: ThreadProps) {
  const { t } = useTranslation();
  const [answering, setAnswering] = useState(false);
  return (
    <article className="grid gap-2 rounded-2xl bg-coach-soft p-3 text-[0.95rem]">
      {quote && (
        <p className="text-sm text-quiet">
          {t("feedback.on")}{" "}
          <q translate="no" className="font-semibold text-ink">
            {quote}
          </q>
        </p>
      )}
      <Said comment={root} />
      {answers.map((one) => (
        <div key={one.id} className="border-s-2 border-line ps-3">
          <Said comment={one} />
        </div>
      ))}
      {answering ? (
        <AnswerForm comment={root} onClose={() => setAnswering(false)} />
      ) : (
        <button
          type="button"
          data-testid="answer"
          onClick={() => setAnswering(true)}
          className="-ms-2 inline-flex min-h-11 items-center justify-self-start rounded-lg px-2 font-semibold text-primary hover:underline"
        >
          {t("feedback.answer")}
        </button>
      )}
    </article>
  );
}

function Said({ comment }: { comment: Comment }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="grid gap-0.5">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-quiet">
        <Author comment={comment} />
        <time dateTime={comment.created_at}>{sinceOrUntil(comment.created_at, i18n.language)}</time>
        {comment.version > 1 && <span>{t("feedback.edited")}</span>}
        {comment.new && !comment.by_learner && (
          <span className="rounded-full bg-learner-soft px-2 font-semibold text-learner">
            {t("feedback.new")}
          </span>
        )}
      </p>
      <p dir="auto" translate="no" className="break-words whitespace-pre-wrap">
        {comment.text}
      </p>
    </div>
  );
}

function AnswerForm({ comment, onClose }: { comment: Comment; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const answer = useMutation({
    mutationFn: () => feedbackApi.answer(comment.id, text),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: threadQuery(comment.call_id).queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !answer.isPending) answer.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-2">
      <label className="grid gap-1">
        <span className="text-sm font-semibold">{t("feedback.answerLabel")}</span>
        <textarea
          rows={3}
          dir="auto"
          name="answer"
          // biome-ignore lint/a11y/noAutofocus: the box opens because its button was pressed
          autoFocus
          maxLength={ANSWER_CHARACTERS}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-full resize-y rounded-xl border border-line bg-surface px-3 py-2"
        />
      </label>
      {answer.isError && (
        <Message tone="danger" urgent>
          {t("feedback.refused")}
        </Message>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={answer.isPending} disabled={!text.trim()}>
          {t("feedback.send")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("feedback.cancel")}
        </Button>
      </div>
    </form>
  );
}
