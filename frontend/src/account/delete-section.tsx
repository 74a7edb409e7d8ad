import { useState } from "react";
import { PasswordField } from "@/auth/password-field";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { User } from "@/lib/api";
import { accountApi } from "./account-api";
import { ConfirmDialog } from "./confirm-dialog";
import { ForgottenPassword } from "./forgotten-password";
import { Section } from "./section";
import { useChange } from "./use-change";
import { useLeave } from "./use-leave";

const GOES = ["account", "words", "access"] as const;

/** The end of the account: what goes with it is said first, and the password is asked. */
export function DeleteSection({ me }: { me: User }) {
  const { t } = useTranslation();
  const leave = useLeave();
  const [asking, setAsking] = useState(false);
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const erase = useChange(
    async () => {
      await leave.endCall();
      await accountApi.deleteAccount(password);
    },
    () => leave.to({ to: "/welcome", state: { accountDeleted: true } }),
  );
  const ask = (open: boolean) => {
    erase.reset();
    setPassword("");
    setChecked(false);
    setAsking(open);
  };
  const confirm = () => {
    setChecked(true);
    if (password) erase.mutate();
  };
  return (
    <Section id="delete" title={t("account.delete.title")} lead={t("account.delete.lead")}>
      <Button look="danger" className="justify-self-start" onClick={() => ask(true)}>
        {t("account.delete.action")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t("account.delete.sure")}
          body={
            <>
              <p>{t("account.delete.goes")}</p>
              <ul className="grid list-disc gap-1 ps-5">
                {GOES.map((name) => (
                  <li key={name}>{t(`account.delete.goes_${name}`)}</li>
                ))}
              </ul>
              <p className="font-semibold">{t("account.delete.final")}</p>
            </>
          }
          action={t("account.delete.confirm")}
          busy={erase.isPending}
          error={erase.error}
          onConfirm={confirm}
          onClose={() => ask(false)}
        >
          <PasswordField
            name="password"
            label={t("account.currentPassword")}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={checked && !password ? t("auth.passwordRequired") : undefined}
          />
          <ForgottenPassword email={me.email} />
        </ConfirmDialog>
      )}
    </Section>
  );
}
