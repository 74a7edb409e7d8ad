import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { type Comment, callReviewQuery, reviewApi } from "./review-api";
import { TextArea } from "./text-area";
import { isChangedMeanwhile, refusalWords } from "./words";

const COMMENT_CHARACTERS = 2_000;

interface CommentEditorProps {
  comment: Comment;
  onClose: () => void;
}

/** One's own comment in a box. Where it was changed elsewhere meanwhile, both texts are shown and one is chosen. */
export function CommentEditor({ comment, onClose }: CommentEditorProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [text, setText] = useState(comment.text);
  /** The version that the writer has seen; it follows the comment only when they decide so. */
  const [seen, setSeen] = useState(comment.version);
  const refresh = () => queries.invalidateQueries({ queryKey: callReviewQuery(comment.call_id).queryKey });
  const change = useChange(
    (version: number) => reviewApi.changeComment(comment.id, { text, version }),
    async () => {
      await refresh();
      onClose();
    },
  );
  const conflict = isChangedMeanwhile(change.error);
  const save = (version: number) => {
    setSeen(version);
    change.mutate(version, {
      onError: (error) => {
        if (isChangedMeanwhile(error)) void refresh();
      },
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending && text.trim()) save(seen);
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <TextArea
        label={t("review.comment")}
        name="comment"
        autoFocus
        value={text}
        onText={setText}
        most={COMMENT_CHARACTERS}
      />
      {conflict && (
        <Message
          tone="warning"
          urgent
          title={t("review.changedTitle")}
          testId="conflict"
          actions={
            <>
              <Button look="secondary" busy={change.isPending} onClick={() => save(comment.version)}>
                {t("review.takeMine")}
              </Button>
              <Button look="quiet" onClick={onClose}>
                {t("review.takeTheirs")}
              </Button>
            </>
          }
        >
          <p>{t("review.changedBody")}</p>
          <p className="mt-2 break-words whitespace-pre-wrap">
            {t("review.changedNow", { text: comment.text })}
          </p>
        </Message>
      )}
      {change.isError && !conflict && (
        <Message tone="danger" urgent>
          {refusalWords(t, change.error)}
        </Message>
      )}
      {!conflict && (
        <div className="flex flex-wrap gap-2">
          <Button type="submit" busy={change.isPending} disabled={!text.trim()}>
            {t("review.save")}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t("review.cancel")}
          </Button>
        </div>
      )}
    </form>
  );
}
