import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { looksLikeEmail } from "@/auth/email";
import { focusFirstInvalid } from "@/auth/focus";
import { LocalMail } from "@/auth/local-mail";
import { PasswordField } from "@/auth/password-field";
import { useResend } from "@/auth/resend";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import type { User } from "@/lib/api";
import { meQuery } from "@/lib/queries";
import { accountApi } from "./account-api";
import { ForgottenPassword } from "./forgotten-password";
import { Done, Refusal } from "./outcome";
import { focusSection, Section } from "./section";
import { useChange } from "./use-change";

const SECTION = "email";

/** The address of the account: whether it is confirmed, and the way to another one. */
export function EmailSection({ me }: { me: User }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  return (
    <Section id={SECTION} title={t("account.email.title")} lead={t("account.email.lead")}>
      <Present me={me} />
      {me.pending_email && <Pending address={me.pending_email} />}
      {changing ? (
        <ChangeForm
          me={me}
          onClose={() => {
            setChanging(false);
            focusSection(SECTION);
          }}
        />
      ) : (
        <Button look="secondary" className="justify-self-start" onClick={() => setChanging(true)}>
          {t("account.email.change")}
        </Button>
      )}
    </Section>
  );
}

function Present({ me }: { me: User }) {
  const { t } = useTranslation();
  const resend = useResend();
  const Icon = me.email_verified ? CircleCheck : TriangleAlert;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p translate="no" className="text-lg font-semibold break-all" data-testid="email">
          {me.email}
        </p>
        <p
          className={
            me.email_verified
              ? "flex items-center gap-1.5 text-coach"
              : "flex items-center gap-1.5 text-learner"
          }
        >
          <Icon aria-hidden className="size-4" />
          {t(me.email_verified ? "account.email.verified" : "account.email.unverified")}
        </p>
      </div>
      {!me.email_verified && (
        <div className="grid justify-items-start gap-2">
          <p className="text-quiet">{t("account.email.unverifiedBody")}</p>
          <Button look="secondary" busy={resend.isPending} onClick={() => resend.mutate()}>
            {t("account.email.resend")}
          </Button>
          <Done>{resend.isSuccess && t("account.email.resent")}</Done>
          <Refusal error={resend.error} />
        </div>
      )}
    </div>
  );
}

function Pending({ address }: { address: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const keep = useChange(accountApi.keepEmail, async () => {
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    focusSection(SECTION);
  });
  return (
    <>
      <Message
        tone="warning"
        testId="pending-email"
        title={t("account.email.pendingTitle")}
        actions={
          <Button look="secondary" busy={keep.isPending} onClick={() => keep.mutate()}>
            {t("account.email.pendingCancel")}
          </Button>
        }
      >
        <p className="break-words">{t("account.email.pendingBody", { address })}</p>
      </Message>
      <LocalMail />
      <Refusal error={keep.error} />
    </>
  );
}

function ChangeForm({ me, onClose }: { me: User; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const change = useChange(accountApi.changeEmail, async () => {
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    onClose();
  });
  const address = email.trim().toLowerCase();
  const problem = !looksLikeEmail(address)
    ? t("auth.emailRequired")
    : address === me.email
      ? t("account.email.same")
      : undefined;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (problem !== undefined || !password) return focusFirstInvalid(event.currentTarget);
    if (!change.isPending) change.mutate({ email: address, password });
  };
  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-4" data-testid="change-email">
      <Field
        label={t("account.email.new")}
        hint={t("account.email.newHint")}
        type="email"
        name="email"
        autoComplete="email"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={checked ? problem : undefined}
      />
      <PasswordField
        name="password"
        label={t("account.currentPassword")}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={checked && !password ? t("auth.passwordRequired") : undefined}
      />
      <ForgottenPassword email={me.email} />
      <Refusal error={change.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={change.isPending}>
          {t("account.email.send")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("account.cancel")}
        </Button>
      </div>
    </form>
  );
}
