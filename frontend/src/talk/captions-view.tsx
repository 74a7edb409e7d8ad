import clsx from "clsx";
import { ArrowDown, Keyboard } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { CaptionNotes } from "./classroom-parts";
import { useTalk } from "./provider";
import { useStickToEnd } from "./stick";
import type { Caption } from "./types";

/** What both sides say, as it is said. Only whole sentences of the coach are announced, never half words. */
export function CaptionsView({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { state } = useTalk();
  const box = useRef<HTMLElement>(null);
  const { following, onScroll, toEnd } = useStickToEnd(box, state.captions);
  const spoken = state.captions.findLast((line) => line.role === "coach" && line.final && !line.earlier);

  return (
    <div className={clsx("relative min-h-0", className)}>
      <section
        ref={box}
        onScroll={onScroll}
        aria-label={t("talk.captions")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain rounded-card bg-surface px-4 py-4 sm:px-6"
      >
        {state.captions.length === 0 && (
          <p className="grid h-full place-items-center text-center text-quiet">{t("talk.captionsEmpty")}</p>
        )}
        <ol className="grid gap-1.5" data-testid="captions">
          {state.captions.map((line, index) => (
            <CaptionLine key={line.id} line={line} before={state.captions[index - 1]} />
          ))}
        </ol>
      </section>
      {!following && (
        <Button
          look="secondary"
          onClick={toEnd}
          className="absolute start-1/2 bottom-3 -translate-x-1/2 text-sm shadow-md rtl:translate-x-1/2"
        >
          <ArrowDown aria-hidden className="size-4" />
          {t("talk.jumpToLatest")}
        </Button>
      )}
      <p aria-live="polite" translate="no" className="sr-only">
        {spoken?.text}
      </p>
    </div>
  );
}

function CaptionLine({ line, before }: { line: Caption; before: Caption | undefined }) {
  const { t } = useTranslation();
  const { state } = useTalk();
  const note = state.shown.notes[line.id];
  const learner = line.role === "learner";
  const first = before?.role !== line.role;
  return (
    <li
      data-role={line.role}
      data-final={line.final}
      data-typed={line.typed}
      data-delivery={line.delivery}
      className={clsx(
        "grid max-w-[min(38rem,92%)]",
        learner ? "justify-self-end" : "justify-self-start",
        first && "mt-3 first:mt-0",
      )}
    >
      <span
        className={clsx(
          first ? "mb-1 text-sm font-semibold" : "sr-only",
          learner ? "text-end text-learner" : "text-coach",
        )}
      >
        {learner ? t("talk.you") : t("talk.coach")}
      </span>
      <p
        dir="auto"
        translate="no"
        className={clsx(
          "rounded-2xl px-4 py-2.5 text-[1.0625rem] break-words whitespace-pre-wrap",
          learner ? "rounded-ee-md bg-learner-soft" : "rounded-es-md bg-coach-soft",
          !line.final && "text-quiet",
        )}
      >
        {line.text}
        {!line.final && <span className="sr-only"> ({t("talk.captionInterim")})</span>}
      </p>
      {line.typed && <TypedMark line={line} />}
      {note && <CaptionNotes note={note} />}
    </li>
  );
}

function TypedMark({ line }: { line: Caption }) {
  const { t } = useTranslation();
  const { engine } = useTalk();
  const failed = line.delivery === "failed";
  const word = {
    queued: t("talk.queued"),
    sending: t("talk.sending"),
    failed: t("talk.sendFailed"),
    sent: t("talk.typed"),
    heard: t("talk.typed"),
  }[line.delivery];
  return (
    <span
      className={clsx(
        "mt-1 flex items-center justify-end gap-1.5 text-sm",
        failed ? "text-danger" : "text-quiet",
      )}
    >
      <Keyboard aria-hidden className="size-4" />
      {word}
      {failed && (
        <button
          type="button"
          className="min-h-11 px-1 font-semibold underline"
          onClick={() => engine.resend(line.id)}
        >
          {t("common.retry")}
        </button>
      )}
    </span>
  );
}
