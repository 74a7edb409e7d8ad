import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { authApi } from "./auth-api";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { looksLikeEmail } from "./email";
import { focusFirstInvalid } from "./focus";
import { LocalMail } from "./local-mail";

/** Asks for a link to choose a new password. What it shows does not tell whether there is an account. */
export function ForgotPage() {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [checked, setChecked] = useState(false);
  const [sent, setSent] = useState(false);
  const ask = useMutation({ mutationFn: authApi.forgotPassword, onSuccess: () => setSent(true) });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (looksLikeEmail(email)) ask.mutate(email.trim());
    else focusFirstInvalid(event.currentTarget);
  };
  const footer = (
    <Link to="/sign-in" className="inline-flex min-h-11 items-center font-semibold text-primary underline">
      {t("auth.forgotPage.back")}
    </Link>
  );
  if (sent) {
    return (
      <AuthCard
        title={t("auth.forgotPage.sentTitle")}
        lead={t("auth.forgotPage.sentLead", { email: email.trim() })}
        footer={footer}
      >
        <div className="grid gap-4" data-testid="forgot-sent">
          <p>{t("auth.forgotPage.sentHint")}</p>
          <LocalMail />
          {ask.isError && <AuthError error={ask.error} />}
          <div className="flex flex-wrap gap-2">
            <Button look="secondary" busy={ask.isPending} onClick={() => ask.mutate(email.trim())}>
              {t("auth.forgotPage.again")}
            </Button>
            <Button look="quiet" onClick={() => setSent(false)}>
              {t("auth.forgotPage.other")}
            </Button>
          </div>
        </div>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t("auth.forgotPage.title")} lead={t("auth.forgotPage.lead")} footer={footer}>
      {ask.isError && <AuthError error={ask.error} />}
      <form noValidate onSubmit={submit} className="grid gap-4">
        <Field
          label={t("auth.email")}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={checked && !looksLikeEmail(email) ? t("auth.emailRequired") : undefined}
        />
        <Button type="submit" busy={ask.isPending} className="min-h-12">
          {t(ask.isPending ? "auth.forgotPage.sending" : "auth.forgotPage.send")}
        </Button>
      </form>
    </AuthCard>
  );
}
