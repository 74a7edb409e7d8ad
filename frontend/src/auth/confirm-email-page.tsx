import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { meQuery } from "@/lib/queries";
import { authApi } from "./auth-api";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { isBrokenLink } from "./broken-link";
import { useLinkToken } from "./link-token";

/**
 * A mailed link leads here to use a new address. It works once, so it waits for a press: programs that look into
 * mail open links, too.
 */
export function ConfirmEmailPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const queries = useQueryClient();
  const confirm = useMutation({
    mutationFn: authApi.confirmEmail,
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });

  if (confirm.isSuccess) {
    return (
      <AuthCard title={t("auth.confirmPage.doneTitle")} lead={t("auth.confirmPage.doneLead")}>
        <ToTalk testId="address-changed" />
      </AuthCard>
    );
  }
  if (token === null || isBrokenLink(confirm.error)) {
    return (
      <AuthCard title={t("auth.confirmPage.brokenTitle")} lead={t("auth.confirmPage.brokenLead")}>
        <ToTalk testId="link-broken" />
      </AuthCard>
    );
  }
  const taken = confirm.error instanceof ApiError && confirm.error.code === "email_taken";
  return (
    <AuthCard title={t("auth.confirmPage.title")} lead={t("auth.confirmPage.lead")}>
      {taken ? (
        <Message tone="danger" urgent testId="auth-error">
          {t("auth.confirmPage.taken")}
        </Message>
      ) : (
        confirm.isError && <AuthError error={confirm.error} />
      )}
      <Button className="min-h-12" busy={confirm.isPending} onClick={() => confirm.mutate(token)}>
        {t(confirm.isPending ? "auth.confirmPage.confirming" : "auth.confirmPage.confirm")}
      </Button>
    </AuthCard>
  );
}

function ToTalk({ testId }: { testId: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/" data-testid={testId} className={buttonClass("primary", "min-h-12")}>
      {t("auth.confirmPage.toTalk")}
    </Link>
  );
}
