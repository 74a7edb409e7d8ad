import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Failure } from "./components/failure";
import { useTranslation } from "./i18n";

/** A page that could not be opened because the API refused or did not answer. */
export function PageFailure({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <div className="mx-auto grid min-h-full max-w-lg content-center p-4">
      <h1 className="sr-only">{t("app.name")}</h1>
      <Failure title={t("app.updateTitle")} error={error} onRetry={() => void router.invalidate()} />
    </div>
  );
}
