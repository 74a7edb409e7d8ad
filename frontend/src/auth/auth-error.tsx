import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { type Translate, useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { errorKey } from "@/lib/error-text";

const SECONDS_PER_MINUTE = 60;
const STILL_SECONDS = 90;

/** Codes whose words do not depend on anything else. */
const KEYS = {
  email_taken: "auth.emailTaken",
  weak_password: "auth.weakPassword",
  wrong_credentials: "auth.badCredentials",
  link_invalid: "auth.linkInvalid",
  guardian_is_learner: "auth.guardianPage.own",
  busy: "auth.busy",
  sign_up_closed: "auth.signUpClosed",
  invalid: "auth.invalid",
} as const;

function isKnown(code: string): code is keyof typeof KEYS {
  return Object.hasOwn(KEYS, code);
}

function tooOften(error: ApiError, t: Translate): string {
  const seconds = error.retryAfterSeconds;
  const minutes = Math.ceil((seconds ?? 0) / SECONDS_PER_MINUTE);
  if (error.code === "account_locked") return t("auth.locked", { count: Math.max(1, minutes) });
  if (seconds === null) return t("errors.rate_limited");
  if (seconds <= STILL_SECONDS) return t("auth.waitSeconds", { count: Math.ceil(seconds) });
  return t("auth.waitMinutes", { count: minutes });
}

/** Why the API refused, in plain words. */
export function authErrorText(error: unknown, t: Translate): string {
  if (!(error instanceof ApiError)) return t(errorKey(error));
  if (error.status === 429) return tooOften(error, t);
  return t(isKnown(error.code) ? KEYS[error.code] : errorKey(error));
}

/** A refused request, with the way out where there is one. */
export function AuthError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const code = error instanceof ApiError ? error.code : "";
  const mend =
    code === "account_locked" ? (
      <Link to="/forgot" className={buttonClass("secondary")}>
        {t("auth.forgotAction")}
      </Link>
    ) : code === "email_taken" ? (
      <Link to="/sign-in" className={buttonClass("secondary")}>
        {t("auth.toSignIn")}
      </Link>
    ) : undefined;
  return (
    <Message tone="danger" urgent testId="auth-error" actions={mend}>
      {authErrorText(error, t)}
    </Message>
  );
}
