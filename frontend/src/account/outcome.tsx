import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { errorWords } from "./error-words";

/** Why a change was not made; nothing while nothing has failed. */
export function Refusal({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  const reference = error instanceof ApiError && error.status >= 500 ? error.requestId : null;
  return (
    <Message tone="danger" urgent testId="refusal">
      <p>{errorWords(t, error)}</p>
      {reference && (
        <p className="mt-1 text-sm break-all text-quiet">{t("common.reference", { id: reference })}</p>
      )}
    </Message>
  );
}

/** A place where it is said, and read out, that something was done; there before it has anything to say. */
export function Done({ children, onUndo }: { children: ReactNode; onUndo?: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <div className={children ? "flex min-h-11 flex-wrap items-center gap-x-3" : "sr-only"}>
      <p role="status" data-testid="done" className="flex items-center gap-2 font-semibold text-coach">
        {children && <CircleCheck aria-hidden className="size-5 shrink-0" />}
        {children}
      </p>
      {children && onUndo && (
        <Button look="quiet" className="text-primary underline" onClick={onUndo}>
          {t("account.undo")}
        </Button>
      )}
    </div>
  );
}
