import clsx from "clsx";
import { SendHorizontal } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type Ref, useId, useState } from "react";
import { buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import { useTalkEngine } from "./provider";
import { MAX_TYPED_CHARACTERS } from "./types";

/** From here on the counter is shown. */
const NEAR_LIMIT = 500;

/** For those who would rather write: the same coach, the same record. */
export function MessageBox({ box }: { box: Ref<HTMLTextAreaElement> }) {
  const { t } = useTranslation();
  const engine = useTalkEngine();
  const [text, setText] = useState("");
  const noteId = useId();
  const left = MAX_TYPED_CHARACTERS - text.trim().length;
  const tooLong = left < 0;

  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (engine.sendTyped(text)) setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const note = tooLong
    ? t("talk.tooLong", { count: -left })
    : left <= NEAR_LIMIT
      ? t("talk.charactersLeft", { count: left })
      : t("talk.messageHint");

  return (
    <form onSubmit={send} className="grid gap-1">
      <div className="flex items-end gap-2 rounded-3xl border border-line bg-surface p-1.5 has-[textarea:focus-visible]:outline-3 has-[textarea:focus-visible]:outline-focus">
        <textarea
          ref={box}
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={t("talk.message")}
          aria-describedby={noteId}
          aria-invalid={tooLong || undefined}
          placeholder={t("talk.messagePlaceholder")}
          data-testid="message-box"
          className="field-sizing-content max-h-32 min-h-11 grow resize-none bg-transparent px-3 py-2.5 outline-none placeholder:text-quiet"
        />
        <button
          type="submit"
          aria-label={t("talk.send")}
          disabled={text.trim() === "" || tooLong}
          className={buttonClass("primary", "size-11 shrink-0 px-0!")}
        >
          <SendHorizontal aria-hidden className="size-5 rtl:-scale-x-100" />
        </button>
      </div>
      <p
        id={noteId}
        role={tooLong ? "alert" : undefined}
        className={clsx(
          "px-4 text-sm",
          tooLong ? "text-danger" : "text-quiet",
          !tooLong && left > NEAR_LIMIT && "max-sm:sr-only",
        )}
      >
        {note}
      </p>
    </form>
  );
}
