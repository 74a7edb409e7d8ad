import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { AuthCard, DemoAccounts } from "./auth-card";
import { PasswordField } from "./password-field";
import { authErrorKey, useSignIn } from "./use-auth";

export function SignInPage() {
  const { t } = useTranslation();
  const { next, expired } = useSearch({ from: "/data/sign-in" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const signIn = useSignIn(next);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (email.trim() && password) signIn.mutate({ email: email.trim(), password });
  };

  return (
    <AuthCard
      title={t("auth.signInTitle")}
      lead={t("auth.signInLead")}
      footer={
        <p>
          {t("auth.noAccount")}{" "}
          <Link to="/sign-up" search={next ? { next } : {}} className="font-semibold text-primary underline">
            {t("auth.toSignUp")}
          </Link>
        </p>
      }
    >
      {expired && !signIn.isError && <Message>{t("auth.expired")}</Message>}
      {signIn.isError && (
        <Message tone="danger" urgent testId="auth-error">
          {t(authErrorKey(signIn.error))}
        </Message>
      )}
      <form noValidate onSubmit={submit} className="grid gap-4">
        <Field
          label={t("auth.email")}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={checked && !email.trim() ? t("auth.emailRequired") : undefined}
        />
        <PasswordField
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={checked && !password ? t("auth.passwordRequired") : undefined}
        />
        <Button type="submit" busy={signIn.isPending} className="min-h-12">
          {t(signIn.isPending ? "auth.signingIn" : "auth.signIn")}
        </Button>
      </form>
      <DemoAccounts
        onPick={(account) => {
          setEmail(account.email);
          setPassword(account.password);
        }}
      />
    </AuthCard>
  );
}
