import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import { authApi } from "./auth-api";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { isBrokenLink } from "./broken-link";
import { focusFirstInvalid } from "./focus";
import { useLinkToken } from "./link-token";
import { NewPasswordField } from "./new-password-field";
import { brokenRules } from "./password-rules";

/** A mailed link leads here to choose a new password. */
export function ResetPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const queries = useQueryClient();
  const reset = useMutation({
    mutationFn: ({ link, password }: { link: string; password: string }) =>
      authApi.resetPassword(link, password),
    // Whoever was signed in here is so no longer.
    onSuccess: () => queries.clear(),
  });

  if (reset.isSuccess) {
    return (
      <AuthCard title={t("auth.resetPage.doneTitle")} lead={t("auth.resetPage.doneLead")}>
        <Link to="/sign-in" data-testid="reset-done" className={buttonClass("primary", "min-h-12")}>
          {t("auth.signIn")}
        </Link>
      </AuthCard>
    );
  }
  if (token === null || isBrokenLink(reset.error)) {
    return (
      <AuthCard title={t("auth.resetPage.brokenTitle")} lead={t("auth.resetPage.brokenLead")}>
        <Link to="/forgot" data-testid="link-broken" className={buttonClass("primary", "min-h-12")}>
          {t("auth.resetPage.again")}
        </Link>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t("auth.resetPage.title")} lead={t("auth.resetPage.lead")}>
      {reset.isError && <AuthError error={reset.error} />}
      <ResetForm busy={reset.isPending} onChosen={(password) => reset.mutate({ link: token, password })} />
    </AuthCard>
  );
}

function ResetForm({ busy, onChosen }: { busy: boolean; onChosen: (password: string) => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (brokenRules(password).length === 0) onChosen(password);
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <NewPasswordField
        label={t("auth.newPassword")}
        value={password}
        onChange={setPassword}
        checked={checked}
      />
      <Button type="submit" busy={busy} className="min-h-12">
        {t(busy ? "auth.resetPage.saving" : "auth.resetPage.save")}
      </Button>
    </form>
  );
}
