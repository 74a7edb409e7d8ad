import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MailCheck, School } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Refusal } from "@/account/outcome";
import { AuthCard } from "@/auth/auth-card";
import { useLinkToken } from "@/auth/link-token";
import { LocalMail } from "@/auth/local-mail";
import { waitsForConsent } from "@/auth/questions";
import { useResend } from "@/auth/resend";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { ApiError, type User } from "@/lib/api";
import { isKnown } from "@/lib/known";
import { isSessionExpired, meQuery } from "@/lib/queries";
import { keepInvitation, keptInvitation } from "./kept-invitation";
import { invitationQuery, type Joined, type Preview } from "./organisations-api";
import { useJoin } from "./use-join";

/** How often it is asked whether an address has been confirmed meanwhile, in another tab. */
const LOOK_EVERY_MS = 10_000;
const HERE = "/join";

/** An invitation leads here: to what it is, and in; through signing up where its reader has no account yet. */
export function JoinPage() {
  const { t } = useTranslation();
  const led = useLinkToken();
  const [token] = useState(() => led ?? keptInvitation());
  const preview = useQuery(invitationQuery(token));
  const join = useJoin(token);
  const broken = preview.error instanceof ApiError && preview.error.status === 422;

  useEffect(() => {
    if (broken) keepInvitation(null);
    else if (token !== null) keepInvitation(token);
  }, [token, broken]);

  if (join.isSuccess) return <In joined={join.data} />;
  if (token === null || broken) return <Broken />;
  if (preview.data === undefined) {
    return (
      <AuthCard title={t("schools.join.loading")}>
        {preview.isError ? (
          <Failure
            title={t("schools.join.failed")}
            error={preview.error}
            busy={preview.isFetching}
            onRetry={() => void preview.refetch()}
          />
        ) : (
          <Skeleton rows={2} />
        )}
      </AuthCard>
    );
  }
  return <Invitation preview={preview.data} join={join} />;
}

type Join = ReturnType<typeof useJoin>;

interface InvitationProps {
  preview: Preview;
  join: Join;
}

function Invitation({ preview, join }: InvitationProps) {
  const known = isKnown();
  const me = useQuery({ ...meQuery, enabled: known, retry: false });
  if (known && me.isPending) return <Asked preview={preview} action={<Skeleton rows={1} />} />;
  const stranger = !known || isSessionExpired(me.error) || me.data === undefined;
  // Who is in already may open it again, however it stands.
  if (preview.state !== "open" && stranger) return <Over preview={preview} />;
  if (stranger) return <Asked preview={preview} action={<WaysIn />} />;
  return <Asked preview={preview} action={<Answer me={me.data} preview={preview} join={join} />} />;
}

/** What the invitation is, and what can be done with it. */
function Asked({ preview, action }: { preview: Preview; action: ReactNode }) {
  const { t } = useTranslation();
  const teaches = preview.role !== "learner";
  return (
    <AuthCard
      title={t("schools.join.title", { school: preview.organisation })}
      lead={t(teaches ? "schools.join.leadTeach" : "schools.join.lead")}
    >
      <div className="grid gap-5" data-testid="invitation">
        <p className="flex items-center gap-3 rounded-card border border-line bg-surface p-4">
          <School aria-hidden className="size-7 shrink-0 text-coach" />
          <span className="grid min-w-0">
            <span translate="no" className="text-lg font-semibold wrap-anywhere">
              {preview.organisation}
            </span>
            {preview.program && (
              <span translate="no" className="wrap-anywhere text-quiet">
                {preview.program}
              </span>
            )}
          </span>
        </p>
        {!teaches && (
          <ul className="grid gap-2.5">
            {(["seen", "home", "leave"] as const).map((what) => (
              <li key={what} className="border-s-4 border-coach-soft ps-4">
                {t(`schools.join.${what}`)}
              </li>
            ))}
          </ul>
        )}
        {action}
      </div>
    </AuthCard>
  );
}

/** For strangers: an account first. The invitation is kept meanwhile. */
function WaysIn() {
  const { t } = useTranslation();
  return (
    <div className="grid gap-3">
      <p>{t("schools.join.accountFirst")}</p>
      <Link to="/sign-up" search={{ next: HERE }} className={buttonClass("primary", "min-h-12")}>
        {t("schools.join.signUp")}
      </Link>
      <Link to="/sign-in" search={{ next: HERE }} className={buttonClass("secondary", "min-h-12")}>
        {t("schools.join.signIn")}
      </Link>
    </div>
  );
}

function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.code : null;
}

function Answer({ me, preview, join }: InvitationProps & { me: User }) {
  const { t } = useTranslation();
  const code = codeOf(join.error);
  if (code === "invitation_for_another") return <ForAnother me={me} preview={preview} />;
  if (code === "email_unverified" && !me.email_verified) return <Unconfirmed me={me} join={join} />;
  return (
    <div className="grid gap-3">
      <p className="wrap-anywhere">{t("schools.join.as", { email: me.email })}</p>
      <Refusal error={code === "email_unverified" ? null : join.error} />
      <Button className="min-h-12" busy={join.isPending} onClick={() => join.mutate()}>
        {t("schools.join.accept")}
      </Button>
      <Link to="/" className={buttonClass("quiet", "min-h-12")}>
        {t("schools.join.notNow")}
      </Link>
    </div>
  );
}

/** A forwarded letter: it stays good for the person it was written to. */
function ForAnother({ me, preview }: { me: User; preview: Preview }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-3">
      <Message tone="warning" urgent testId="for-another" title={t("schools.join.anotherTitle")}>
        <p className="wrap-anywhere">
          {t("schools.join.anotherBody", { hint: preview.email_hint ?? "", email: me.email })}
        </p>
      </Message>
      <p>{t("schools.join.anotherAsk")}</p>
      <Link to="/" className={buttonClass("secondary", "min-h-12")}>
        {t("schools.join.toTalk")}
      </Link>
    </div>
  );
}

/** The address must be proved first; once it is, in whichever tab, the way is free. */
function Unconfirmed({ me, join }: { me: User; join: Join }) {
  const { t } = useTranslation();
  const resend = useResend();
  useQuery({ ...meQuery, staleTime: 0, refetchInterval: LOOK_EVERY_MS });
  return (
    <div className="grid gap-3" data-testid="confirm-first">
      <Message tone="warning" icon={MailCheck} title={t("schools.join.confirmTitle")}>
        <p className="wrap-anywhere">{t("schools.join.confirmBody", { email: me.email })}</p>
      </Message>
      <LocalMail />
      <Refusal error={resend.error} />
      <div className="flex flex-wrap gap-2">
        <Button busy={join.isPending} onClick={() => join.mutate()}>
          {t("schools.join.confirmed")}
        </Button>
        <Button look="secondary" busy={resend.isPending} onClick={() => resend.mutate()}>
          {t(resend.isSuccess ? "schools.join.resent" : "schools.join.resend")}
        </Button>
      </div>
    </div>
  );
}

function Over({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const state = preview.state === "open" ? "used" : preview.state;
  return (
    <AuthCard
      title={t(`schools.join.over_${state}`)}
      lead={t("schools.join.overLead", { school: preview.organisation })}
    >
      <div className="grid gap-3" data-testid="invitation-over">
        {state === "used" && (
          <>
            <p>{t("schools.join.usedByYou")}</p>
            <Link to="/sign-in" search={{ next: HERE }} className={buttonClass("primary", "min-h-12")}>
              {t("schools.join.signIn")}
            </Link>
          </>
        )}
        <Link to="/" className={buttonClass("secondary", "min-h-12")}>
          {t("schools.join.toStart")}
        </Link>
      </div>
    </AuthCard>
  );
}

function Broken() {
  const { t } = useTranslation();
  return (
    <AuthCard title={t("schools.join.brokenTitle")} lead={t("schools.join.brokenLead")}>
      <Link to="/" data-testid="invitation-broken" className={buttonClass("primary", "min-h-12")}>
        {t("schools.join.toStart")}
      </Link>
    </AuthCard>
  );
}

/** In; and whether an adult must still agree before an under-age learner may talk. */
function In({ joined }: { joined: Joined }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  const waits = me !== undefined && waitsForConsent(me);
  return (
    <AuthCard
      title={t("schools.join.inTitle", { school: joined.organisation })}
      lead={t(waits ? "schools.join.inWaits" : "schools.join.inLead")}
    >
      <div className="grid gap-3" data-testid="joined" data-waits={waits}>
        {waits && (
          <Link to="/guardian" className={buttonClass("primary", "min-h-12")}>
            {t("schools.join.askAdult")}
          </Link>
        )}
        <Link to="/" className={buttonClass(waits ? "secondary" : "primary", "min-h-12")}>
          {t("schools.join.toTalk")}
        </Link>
        <Link to="/account/schools" className={buttonClass("quiet", "min-h-12")}>
          {t("schools.toMine")}
        </Link>
      </div>
    </AuthCard>
  );
}
