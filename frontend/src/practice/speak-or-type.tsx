import { useMutation } from "@tanstack/react-query";
import { Eye, Keyboard, LoaderCircle, Mic, Square } from "lucide-react";
import { type FormEvent, useCallback, useId, useState } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { type ReviewItem, reviews, type Said } from "./practice-api";
import { canRecord, useVoice } from "./use-voice";

const LONGEST = 400;

interface SpeakOrTypeProps {
  item: ReviewItem;
  onSaid: (said: Said, sound: Blob | null) => void;
  onShow: () => void;
}

/** The ways to answer: say it, type it, or look. */
export function SpeakOrType({ item, onSaid, onShow }: SpeakOrTypeProps) {
  const { t } = useTranslation();
  const [typing, setTyping] = useState(!canRecord());
  const send = useMutation({
    mutationFn: ({ wav }: { sound: Blob; wav: Blob }) => reviews.said(item.id, wav),
    onSuccess: (said, { sound }) => onSaid(said, sound),
  });
  const { mutate } = send;
  const voice = useVoice(useCallback((sound, wav) => mutate({ sound, wav }), [mutate]));
  const busy = voice.state === "opening" || send.isPending;
  return (
    <div className="grid gap-4">
      {canRecord() && (
        <div className="grid justify-items-center gap-2">
          <button
            type="button"
            data-testid="say"
            data-state={busy ? "busy" : voice.state}
            aria-disabled={busy || undefined}
            onClick={() => !busy && (voice.state === "recording" ? voice.stop() : voice.start())}
            className="grid size-24 place-items-center rounded-full bg-primary text-on-primary hover:bg-primary-strong aria-disabled:opacity-55 data-[state=recording]:bg-danger data-[state=recording]:text-on-danger"
          >
            <Pictured state={busy ? "busy" : voice.state} />
            <span className="sr-only">
              {t(voice.state === "recording" ? "practice.stop" : "practice.say")}
            </span>
          </button>
          <p role="status" className="text-quiet">
            {t(
              send.isPending
                ? "practice.listening"
                : voice.state === "recording"
                  ? "practice.recording"
                  : "practice.sayHint",
            )}
          </p>
        </div>
      )}
      {voice.problem && (
        <Message tone="warning" urgent testId="voice-problem">
          {t("practice.noMicrophone")}
        </Message>
      )}
      {send.isError && (
        <Message tone="warning" urgent testId="said-failed">
          {t(errorKey(send.error))}
        </Message>
      )}
      {typing && <Typing item={item} onSaid={onSaid} />}
      <div className="flex flex-wrap justify-center gap-2">
        {!typing && (
          <Button look="secondary" onClick={() => setTyping(true)} data-testid="type">
            <Keyboard aria-hidden className="size-4" />
            {t("practice.type")}
          </Button>
        )}
        <Button look="secondary" onClick={onShow} data-testid="show">
          <Eye aria-hidden className="size-4" />
          {t("practice.show")}
        </Button>
      </div>
    </div>
  );
}

function Pictured({ state }: { state: "busy" | "idle" | "opening" | "recording" }) {
  if (state === "busy") return <LoaderCircle aria-hidden className="size-9 animate-spin" />;
  if (state === "recording") return <Square aria-hidden className="size-8 fill-current" />;
  return <Mic aria-hidden className="size-10" />;
}

function Typing({ item, onSaid }: Pick<SpeakOrTypeProps, "item" | "onSaid">) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const check = useMutation({
    mutationFn: () => reviews.typed(item.id, text),
    onSuccess: (said) => onSaid(said, null),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !check.isPending) check.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {t("practice.typeLabel")}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          lang="en"
          value={text}
          maxLength={LONGEST}
          autoComplete="off"
          autoCapitalize="sentences"
          onChange={(event) => setText(event.target.value)}
          className="min-h-12 w-full min-w-0 grow rounded-xl border border-line bg-surface px-4 py-2 hover:border-primary"
        />
        <Button type="submit" busy={check.isPending} data-testid="check">
          {t("practice.check")}
        </Button>
      </div>
      {check.isError && (
        <p role="alert" className="text-sm text-danger">
          {t(errorKey(check.error))}
        </p>
      )}
    </form>
  );
}
