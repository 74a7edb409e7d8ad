import { authApi } from "@/auth/auth-api";
import { useTranslation } from "@/i18n";
import { Done, Refusal } from "./outcome";
import { useChange } from "./use-change";

/** For those who forgot their password, or never chose one because a provider signs them in. */
export function ForgottenPassword({ email }: { email: string }) {
  const { t } = useTranslation();
  const mail = useChange(() => authApi.forgotPassword(email));
  return (
    <div className="grid gap-2">
      {!mail.isSuccess && (
        <button
          type="button"
          onClick={() => mail.mutate()}
          className="min-h-11 justify-self-start text-start font-semibold text-primary underline"
        >
          {t("account.forgotten")}
        </button>
      )}
      <Done>{mail.isSuccess && t("account.forgottenSent", { address: email })}</Done>
      <Refusal error={mail.error} />
    </div>
  );
}
