import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { Agreement } from "./agreement";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { BirthYearField, birthYearIn } from "./birth-year-field";
import { looksLikeEmail } from "./email";
import { focusFirstInvalid } from "./focus";
import { NewPasswordField } from "./new-password-field";
import { brokenRules } from "./password-rules";
import { ProviderButtons } from "./providers";
import { useSignUp } from "./use-auth";

/** The API's own bound. */
const MAX_NAME = 80;

export function SignUpPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/data/sign-up" });
  const [displayName, setDisplayName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [year, setYear] = useState("");
  const [agreed, setAgreed] = useState(false);
  const [checked, setChecked] = useState(false);
  const signUp = useSignUp(next);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    const birthYear = birthYearIn(year);
    const fit = looksLikeEmail(email) && brokenRules(password, email).length === 0;
    if (!fit || birthYear === null || !agreed) return focusFirstInvalid(event.currentTarget);
    signUp.mutate({ email: email.trim(), password, displayName: displayName.trim(), birthYear });
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
        <NewPasswordField value={password} onChange={setPassword} email={email} checked={checked} />
        <BirthYearField value={year} onChange={setYear} checked={checked} />
        <Agreement agreed={agreed} onChange={setAgreed} checked={checked} />
        {signUp.isError && <AuthError error={signUp.error} />}
        <Button type="submit" busy={signUp.isPending} className="min-h-12">
          {t(signUp.isPending ? "auth.signingUp" : "auth.signUp")}
        </Button>
      </form>
      <ProviderButtons next={next} />
    </AuthCard>
  );
}
