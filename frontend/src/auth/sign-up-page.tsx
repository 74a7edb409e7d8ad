import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { AuthCard } from "./auth-card";
import { PasswordField } from "./password-field";
import { authErrorKey, useSignUp } from "./use-auth";

/** The API's own bounds; it judges the mixture of characters. */
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 128;
const MAX_NAME = 80;

const looksLikeEmail = (text: string) => /^\S+@\S+\.\S+$/.test(text.trim());

export function SignUpPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/data/sign-up" });
  const [displayName, setDisplayName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const signUp = useSignUp(next);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!looksLikeEmail(email) || password.length < MIN_PASSWORD) return;
    signUp.mutate({ email: email.trim(), password, displayName: displayName.trim() });
  };

  return (
    <AuthCard
      title={t("auth.signUpTitle")}
      lead={t("auth.signUpLead")}
      footer={
        <p>
          {t("auth.haveAccount")}{" "}
          <Link to="/sign-in" search={next ? { next } : {}} className="font-semibold text-primary underline">
            {t("auth.toSignIn")}
          </Link>
        </p>
      }
    >
      {signUp.isError && (
        <Message tone="danger" urgent testId="auth-error">
          {t(authErrorKey(signUp.error))}
        </Message>
      )}
      <form noValidate onSubmit={submit} className="grid gap-4">
        <Field
          label={t("auth.displayName")}
          hint={t("auth.displayNameHint")}
          name="name"
          autoComplete="given-name"
          maxLength={MAX_NAME}
          value={displayName}
          onChange={(event) => setDisplayName(event.target.value)}
        />
        <Field
          label={t("auth.email")}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={checked && !looksLikeEmail(email) ? t("auth.emailRequired") : undefined}
        />
        <PasswordField
          name="password"
          autoComplete="new-password"
          maxLength={MAX_PASSWORD}
          hint={t("auth.passwordHint")}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={
            checked && password.length < MIN_PASSWORD
              ? t("auth.passwordShort", { count: MIN_PASSWORD })
              : undefined
          }
        />
        <p className="text-sm text-quiet" data-testid="ai-disclosure">
          {t("auth.aiNotice")}
        </p>
        <Button type="submit" busy={signUp.isPending} className="min-h-12">
          {t(signUp.isPending ? "auth.signingUp" : "auth.signUp")}
        </Button>
      </form>
    </AuthCard>
  );
}
