import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { TextArea } from "./text-area";
import { refusalWords } from "./words";

const COMMENT_CHARACTERS = 2_000;

interface ComposerProps {
  label: string;
  action: string;
  /** The words that it is about. */
  quote?: string | undefined;
  send: (text: string) => Promise<unknown>;
  onSent: () => void;
  onCancel: () => void;
}

/** A box to write to the learner in; what was written stays until it is kept. */
export function Composer({ label, action, quote, send, onSent, onCancel }: ComposerProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const sending = useChange(send, onSent);
  const ready = text.trim() !== "" && [...text].length <= COMMENT_CHARACTERS;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (ready && !sending.isPending) sending.mutate(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
    if (event.key === "Escape" && text === "") onCancel();
  };
  return (
    <form onSubmit={submit} className="grid gap-3 rounded-2xl bg-sunken p-3" data-testid="composer">
      {quote && (
        <p className="text-sm text-quiet">
          {t("review.on")}{" "}
          <q translate="no" className="font-semibold text-ink">
            {quote}
          </q>
        </p>
      )}
      <TextArea
        label={label}
        name="comment"
        autoFocus
        placeholder={t("review.commentPlaceholder")}
        value={text}
        onText={setText}
        onKeyDown={onKeyDown}
        most={COMMENT_CHARACTERS}
      />
      {sending.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, sending.error)}
        </Message>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={sending.isPending} disabled={!ready}>
          {action}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t("review.cancel")}
        </Button>
      </div>
    </form>
  );
}
