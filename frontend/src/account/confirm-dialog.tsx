import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { Refusal } from "./outcome";

interface ConfirmDialogProps {
  title: string;
  body: ReactNode;
  /** What the button that does it says. */
  action: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  /** Things to fill in before; the first of them gets the focus. */
  children?: ReactNode;
  danger?: boolean;
}

/** A question before what cannot be undone. It is drawn while it is asked, and gives the focus back. */
export function ConfirmDialog({
  title,
  body,
  action,
  busy,
  error,
  onConfirm,
  onClose,
  children,
  danger = true,
}: ConfirmDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("input, [data-safe]")?.focus();
    return () => dialog?.close();
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onConfirm();
  };
  return (
    <dialog
      ref={box}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-body`}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
      className="m-auto w-[calc(100%-2rem)] max-w-md rounded-card border border-line bg-surface p-5 text-ink shadow-xl backdrop:bg-black/60 sm:p-6"
    >
      <form noValidate onSubmit={submit} className="grid gap-4">
        <h2 id={`${id}-title`} className="text-2xl font-semibold">
          {title}
        </h2>
        <div id={`${id}-body`} className="grid gap-3">
          {body}
        </div>
        {children}
        <Refusal error={error} />
        <div className="flex flex-wrap-reverse justify-end gap-2">
          <Button look="secondary" data-safe onClick={onClose} disabled={busy}>
            {t("account.keep")}
          </Button>
          <Button type="submit" look={danger ? "danger" : "primary"} busy={busy} data-testid="confirm">
            {action}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
