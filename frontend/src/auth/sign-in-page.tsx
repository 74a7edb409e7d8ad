import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { AuthCard, DemoAccounts } from "./auth-card";
import { AuthError } from "./auth-error";
import { focusFirstInvalid } from "./focus";
import { PasswordField } from "./password-field";
import { OAuthFailure, ProviderButtons } from "./providers";
import { useSignIn } from "./use-auth";

export function SignInPage() {
  const { t } = useTranslation();
  const { next, expired, error, provider } = useSearch({ from: "/data/sign-in" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const signIn = useSignIn(next);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (email.trim() && password) signIn.mutate({ email: email.trim(), password });
    else focusFirstInvalid(event.currentTarget);
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
      {signIn.isError ? (
        <AuthError error={signIn.error} />
      ) : error ? (
        <OAuthFailure error={error} provider={provider} />
      ) : (
        expired && <Message>{t("auth.expired")}</Message>
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
        <div className="grid">
          <PasswordField
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={checked && !password ? t("auth.passwordRequired") : undefined}
          />
          <Link
            to="/forgot"
            className="flex min-h-11 items-center justify-self-end font-semibold text-primary hover:underline"
          >
            {t("auth.forgot")}
          </Link>
        </div>
        <Button type="submit" busy={signIn.isPending} className="min-h-12">
          {t(signIn.isPending ? "auth.signingIn" : "auth.signIn")}
        </Button>
      </form>
      <ProviderButtons next={next} />
      <DemoAccounts
        onPick={(account) => {
          setEmail(account.email);
          setPassword(account.password);
        }}
      />
    </AuthCard>
  );
}
