import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import type { User } from "@/lib/api";
import { isKnown } from "@/lib/known";
import { meQuery } from "@/lib/queries";
import { authApi } from "./auth-api";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { isBrokenLink } from "./broken-link";
import { useLinkToken } from "./link-token";
import { LocalMail } from "./local-mail";
import { useResend } from "./resend";

/** A mailed link leads here; opening it confirms the address, however often it is opened. */
export function VerifyPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const verified = useVerification(token);
  if (token === null || isBrokenLink(verified.error)) return <Broken />;
  if (verified.isSuccess) {
    return (
      <AuthCard title={t("auth.verifyPage.doneTitle")} lead={t("auth.verifyPage.doneLead")}>
        <Link to="/" data-testid="verified" className={buttonClass("primary", "min-h-12")}>
          {t("auth.verifyPage.toTalk")}
        </Link>
      </AuthCard>
    );
  }
  if (verified.isError) {
    return (
      <AuthCard title={t("auth.verifyPage.title")}>
        <Failure
          title={t("auth.verifyPage.failed")}
          error={verified.error}
          busy={verified.isFetching}
          onRetry={() => void verified.refetch()}
        />
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t("auth.verifyPage.checking")}>
      <Skeleton rows={1} />
    </AuthCard>
  );
}

/** Asked as a query, so that drawing the page twice does not confirm twice. */
function useVerification(token: string | null) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["verify", token],
    queryFn: async () => {
      await authApi.verify(token ?? "");
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
      return true;
    },
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The way to a new link: at once for those who are signed in here. */
function Broken() {
  const { t } = useTranslation();
  const me = useQuery({ ...meQuery, enabled: isKnown() });
  if (me.data?.email_verified) {
    return (
      <AuthCard title={t("auth.verifyPage.doneTitle")} lead={t("auth.verifyPage.already")}>
        <Link to="/" data-testid="already-verified" className={buttonClass("primary", "min-h-12")}>
          {t("auth.verifyPage.toTalk")}
        </Link>
      </AuthCard>
    );
  }
  return (
    <AuthCard title={t("auth.verifyPage.brokenTitle")} lead={t("auth.verifyPage.brokenLead")}>
      <div className="grid gap-4" data-testid="link-broken">
        {me.data ? <Resend me={me.data} /> : <SignInFirst />}
      </div>
    </AuthCard>
  );
}

function Resend({ me }: { me: User }) {
  const { t } = useTranslation();
  const resend = useResend();
  if (resend.isSuccess) {
    return (
      <>
        <Message testId="resent">
          <span className="wrap-anywhere">{t("auth.verifyPage.resent", { email: me.email })}</span>
        </Message>
        <LocalMail />
      </>
    );
  }
  return (
    <>
      {resend.isError && <AuthError error={resend.error} />}
      <Button className="h-auto min-h-12" busy={resend.isPending} onClick={() => resend.mutate()}>
        <span className="break-all">{t("auth.verifyPage.resend", { email: me.email })}</span>
      </Button>
    </>
  );
}

function SignInFirst() {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("auth.verifyPage.signIn")}</p>
      <Link to="/sign-in" className={buttonClass("primary", "min-h-12")}>
        {t("auth.signIn")}
      </Link>
    </>
  );
}
