import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { focusFirstInvalid } from "@/auth/focus";
import { NewPasswordField } from "@/auth/new-password-field";
import { PasswordField } from "@/auth/password-field";
import { brokenRules } from "@/auth/password-rules";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { User } from "@/lib/api";
import { accountApi, devicesQuery } from "./account-api";
import { ForgottenPassword } from "./forgotten-password";
import { Done, Refusal } from "./outcome";
import { focusSection, Section } from "./section";
import { useChange } from "./use-change";

const SECTION = "password";

/** Another password, with the rules checked off while it is typed. */
export function PasswordSection({ me }: { me: User }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const [changed, setChanged] = useState(false);
  const close = (done: boolean) => {
    setChanging(false);
    setChanged(done);
    focusSection(SECTION);
  };
  return (
    <Section id={SECTION} title={t("account.password.title")} lead={t("account.password.lead")}>
      {changing ? (
        <ChangeForm me={me} onClose={close} />
      ) : (
        <Button
          look="secondary"
          className="justify-self-start"
          onClick={() => {
            setChanged(false);
            setChanging(true);
          }}
        >
          {t("account.password.change")}
        </Button>
      )}
      <Done>{changed && t("account.password.changed")}</Done>
    </Section>
  );
}

function ChangeForm({ me, onClose }: { me: User; onClose: (done: boolean) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [checked, setChecked] = useState(false);
  const change = useChange(accountApi.changePassword, () => {
    void queries.invalidateQueries({ queryKey: devicesQuery.queryKey });
    onClose(true);
  });
  const good = brokenRules(wanted, me.email).length === 0;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (!current || !good) return focusFirstInvalid(event.currentTarget);
    if (!change.isPending) change.mutate({ current_password: current, new_password: wanted });
  };
  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-4" data-testid="change-password">
      {/* Password managers learn from it whose password it is. */}
      <input type="hidden" name="username" autoComplete="username" value={me.email} />
      <PasswordField
        name="current-password"
        label={t("account.currentPassword")}
        autoComplete="current-password"
        autoFocus
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        error={checked && !current ? t("auth.passwordRequired") : undefined}
      />
      <ForgottenPassword email={me.email} />
      <NewPasswordField
        label={t("auth.newPassword")}
        email={me.email}
        checked={checked}
        value={wanted}
        onChange={setWanted}
      />
      <Refusal error={change.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={change.isPending}>
          {t("account.password.save")}
        </Button>
        <Button look="quiet" onClick={() => onClose(false)}>
          {t("account.cancel")}
        </Button>
      </div>
    </form>
  );
}
