/** What an account still lacks, as a slim bar over the pages of the signed-in; never during a call. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { meQuery } from "@/lib/queries";
import { recall, remember } from "@/lib/store";
import { useTalk } from "@/talk/provider";
import { waitsForConsent } from "./questions";
import { useResend } from "./resend";

const KEY = "avaaz.reminderDismissed";

export function Reminder() {
  const { state } = useTalk();
  const me = useQuery(meQuery).data;
  const [dismissed, setDismissed] = useState(() => recall("session", KEY) === "1");
  if (me === undefined || state.phase !== "idle") return null;
  if (waitsForConsent(me)) return <ConsentReminder asked={me.consent === "asked"} />;
  if (me.email_verified !== false || dismissed) return null;
  const dismiss = () => {
    remember("session", KEY, "1");
    setDismissed(true);
  };
  return <EmailReminder onDismiss={dismiss} />;
}

function Bar({ testId, children }: { testId: string; children: ReactNode }) {
  return (
    <div className="relative border-b border-line bg-learner-soft" data-testid={testId}>
      <div className="mx-auto flex min-h-13 max-w-6xl items-center gap-x-2 py-1 ps-4 pe-14 text-sm leading-snug sm:flex-wrap sm:justify-center">
        {children}
      </div>
    </div>
  );
}

function ConsentReminder({ asked }: { asked: boolean }) {
  const { t } = useTranslation();
  return (
    <Bar testId="reminder-consent">
      <p>{t(asked ? "talk.reminder.consentAsked" : "talk.reminder.consentNeeded")}</p>
      <Link to="/guardian" className={buttonClass("quiet", "-ms-3 px-3! underline sm:ms-0")}>
        {t("talk.reminder.consentAction")}
      </Link>
    </Bar>
  );
}

function EmailReminder({ onDismiss }: { onDismiss: () => void }) {
  const { t } = useTranslation();
  return (
    <Bar testId="reminder-email">
      <p>{t("talk.reminder.unverified")}</p>
      <ResendButton look="quiet" />
      <button
        type="button"
        aria-label={t("common.dismiss")}
        onClick={onDismiss}
        className="absolute end-1 top-1 grid size-11 place-items-center rounded-full hover:bg-sunken"
      >
        <X aria-hidden className="size-4" />
      </button>
    </Bar>
  );
}

/** Mails the link once more, and then says so in its own place. */
export function ResendButton({ look }: { look: "primary" | "quiet" }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  const resend = useResend();
  return (
    <>
      {!resend.isSuccess && (
        <Button
          look={look}
          className={look === "quiet" ? "-ms-3 px-3! underline sm:ms-0" : undefined}
          busy={resend.isPending}
          onClick={() => resend.mutate()}
        >
          {t("talk.reminder.resend")}
        </Button>
      )}
      <p role="status" className="min-w-0 wrap-anywhere empty:hidden">
        {resend.isSuccess && t("talk.reminder.resent", { email: me?.email ?? "" })}
        {resend.isError && t(errorKey(resend.error))}
      </p>
    </>
  );
}
