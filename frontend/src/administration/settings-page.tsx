import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { AccountPage, Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Segmented } from "@/components/segmented";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { administrationApi, type Setting, type SettingValue, settingsQuery } from "./administration-api";
import { Badge, Loaded } from "./parts";

/** Settings and feature flags of the installation, or of the administrator's school. */
export function SettingsPage() {
  const { t } = useTranslation();
  const operator = useQuery(meQuery).data?.operator ?? false;
  const settings = useQuery(settingsQuery);
  return (
    <AccountPage
      title={t("administration.settings.title")}
      lead={t(operator ? "administration.settings.lead" : "administration.settings.leadSchool")}
    >
      <Loaded query={settings} rows={3}>
        {(list) => (
          <div className="grid gap-4" data-testid="settings-list">
            {list.items.map((setting) => (
              <SettingSection key={setting.key} setting={setting} organisationId={list.organisation_id} />
            ))}
          </div>
        )}
      </Loaded>
    </AccountPage>
  );
}

interface SettingSectionProps {
  setting: Setting;
  /** Null for the installation. */
  organisationId: string | null;
}

function SettingSection({ setting, organisationId }: SettingSectionProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<{ value: SettingValue } | null>(null);
  const change = useChange(
    (value: SettingValue) => administrationApi.set(setting.key, value, organisationId),
    async () => {
      setWanted(null);
      await queries.invalidateQueries({ queryKey: settingsQuery.queryKey });
    },
  );
  const ask = (value: SettingValue) => {
    change.reset();
    setWanted({ value });
  };
  const words = (value: SettingValue) => wordsOf(t, value);
  const overruled = organisationId !== null && setting.value !== null && setting.effective !== setting.value;
  return (
    <Section
      id={setting.key}
      title={t(`administration.settings.${setting.key}`)}
      lead={t(`administration.settings.${setting.key}_hint`)}
    >
      <p className="flex flex-wrap items-center gap-2">
        <Badge>{t("administration.settings.now", { value: words(setting.effective) })}</Badge>
        {setting.value === null && (
          <span className="text-quiet">{t("administration.settings.isDefault")}</span>
        )}
        {overruled && <span className="text-learner">{t("administration.settings.overruled")}</span>}
      </p>
      {setting.kind === "switch" ? (
        <SwitchChoice setting={setting} onAsk={ask} />
      ) : (
        <NumberChoice setting={setting} onAsk={ask} />
      )}
      <Done>{change.isSuccess && t("administration.settings.saved")}</Done>
      {wanted && (
        <ConfirmDialog
          title={t("administration.settings.ask", {
            setting: t(`administration.settings.${setting.key}`),
            value: wanted.value === null ? t("administration.settings.default") : words(wanted.value),
          })}
          body={<p>{t("administration.settings.askBody")}</p>}
          action={t("administration.settings.change")}
          danger={false}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(wanted.value)}
          onClose={() => setWanted(null)}
        />
      )}
    </Section>
  );
}

function wordsOf(t: ReturnType<typeof useTranslation>["t"], value: SettingValue): string {
  if (value === null) return t("administration.settings.unset");
  if (typeof value === "number") return String(value);
  return t(value ? "administration.settings.on" : "administration.settings.off");
}

interface ChoiceProps {
  setting: Setting;
  onAsk: (value: SettingValue) => void;
}

function SwitchChoice({ setting, onAsk }: ChoiceProps) {
  const { t } = useTranslation();
  const value = setting.value === null ? "default" : setting.value ? "on" : "off";
  return (
    <Segmented
      label={t("administration.settings.choose")}
      value={value}
      options={[
        { value: "default", label: t("administration.settings.default") },
        { value: "on", label: t("administration.settings.on") },
        { value: "off", label: t("administration.settings.off") },
      ]}
      onChange={(chosen) => onAsk(chosen === "default" ? null : chosen === "on")}
      testId={`setting-${setting.key}`}
    />
  );
}

function NumberChoice({ setting, onAsk }: ChoiceProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(typeof setting.value === "number" ? String(setting.value) : "");
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    const given = text.trim();
    const number = Number(given);
    const bad = given !== "" && !(Number.isInteger(number) && number >= 0 && number <= 100_000);
    setWrong(bad);
    if (!bad) onAsk(given === "" ? null : number);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="flex flex-wrap items-start gap-2"
    >
      <Field
        label={t("administration.settings.number")}
        hint={t("administration.settings.numberHint")}
        error={wrong ? t("administration.settings.numberWrong") : undefined}
        value={text}
        inputMode="numeric"
        name={setting.key}
        autoComplete="off"
        className="min-w-0 grow basis-48"
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" look="secondary" className="sm:mt-8">
        {t("administration.settings.change")}
      </Button>
    </form>
  );
}
