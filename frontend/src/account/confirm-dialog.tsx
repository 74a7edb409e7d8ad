import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { Modal } from "@/components/modal";
import { useTranslation } from "@/i18n";
import { Refusal } from "./outcome";

interface ConfirmDialogProps {
  title: string;
  body: ReactNode;
  /** What the button that does it says. */
  action: string;
  busy: boolean;
  error?: unknown;
  /** Why it was not done, where it is not said in the account's words. */
  refusal?: string | false;
  onConfirm: () => void;
  onClose: () => void;
  /** Things to fill in before; the first of them gets the focus. */
  children?: ReactNode;
  danger?: boolean;
}

/** A question before what cannot be undone. It is drawn while it is asked. */
export function ConfirmDialog({
  title,
  body,
  action,
  busy,
  error,
  refusal = false,
  onConfirm,
  onClose,
  children,
  danger = true,
}: ConfirmDialogProps) {
  const { t } = useTranslation();
  const bodyId = useId();
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("input, [data-safe]")?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onConfirm();
  };
  return (
    <Modal title={title} width="narrow" describedBy={bodyId} onClose={() => busy || onClose()}>
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        <div id={bodyId} className="grid gap-3">
          {body}
        </div>
        {children}
        {refusal && (
          <Message tone="danger" urgent>
            {refusal}
          </Message>
        )}
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
    </Modal>
  );
}
