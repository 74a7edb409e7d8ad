import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { errorKey } from "@/lib/error-text";
import { Button } from "./button";
import { Message } from "./message";

interface FailureProps {
  title: string;
  error: unknown;
  onRetry: () => void;
  busy?: boolean;
}

/** A read that failed: why, the number to quote when asking for help, and another try. */
export function Failure({ title, error, onRetry, busy = false }: FailureProps) {
  const { t } = useTranslation();
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <Message
      tone="danger"
      urgent
      title={title}
      testId="failure"
      actions={
        <Button look="secondary" busy={busy} onClick={onRetry}>
          {t("common.retry")}
        </Button>
      }
    >
      <p>{t(errorKey(error))}</p>
      {requestId && (
        <p className="mt-1 text-sm break-all text-quiet">{t("common.reference", { id: requestId })}</p>
      )}
    </Message>
  );
}
