import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done, Refusal } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { focusFirstInvalid } from "@/auth/focus";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { PolicySection } from "@/privacy/policy-section";
import { useTalkEngine } from "@/talk/provider";
import { type Organisation, organisationQuery, schoolApi } from "./organisations-api";
import { useForgetOrganisation } from "./use-switch";

const MAX_NAME = 120;
const MIN_NAME = 2;
const GOES = ["people", "words", "programs"] as const;

/** The school itself: its name, and its end. */
export function SettingsPart({ school }: { school: Organisation }) {
  return (
    <>
      <NameSection school={school} />
      <PolicySection />
      <EndSection school={school} />
    </>
  );
}

function NameSection({ school }: { school: Organisation }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(school.name);
  const save = useChange(schoolApi.rename, (saved) => {
    setName(saved.name);
    queries.setQueryData(organisationQuery.queryKey, saved);
  });
  const wanted = name.trim();
  const wrong = wanted.length < MIN_NAME;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (wrong) return focusFirstInvalid(event.currentTarget);
    if (!save.isPending) save.mutate(wanted);
  };
  return (
    <Section id="name" title={t("schools.settings.nameTitle")} lead={t("schools.settings.nameLead")}>
      <form noValidate onSubmit={submit} className="grid max-w-md gap-4">
        <Field
          label={t("schools.name")}
          name="school"
          maxLength={MAX_NAME}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={wrong ? t("schools.nameNeeded") : undefined}
        />
        <Refusal error={save.error} />
        <Button type="submit" className="justify-self-start" busy={save.isPending}>
          {t("account.save")}
        </Button>
        <Done>{save.isSuccess && t("account.saved")}</Done>
      </form>
    </Section>
  );
}

function EndSection({ school }: { school: Organisation }) {
  const { t } = useTranslation();
  const engine = useTalkEngine();
  const navigate = useNavigate();
  const forget = useForgetOrganisation();
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState("");
  const [checked, setChecked] = useState(false);
  const close = useChange(
    async (given: string) => {
      await engine.hangUp();
      await schoolApi.close(given);
    },
    async () => {
      await navigate({ to: "/account/schools" });
      await forget();
    },
  );
  const right = name.trim() === school.name;
  const ask = (open: boolean) => {
    close.reset();
    setName("");
    setChecked(false);
    setAsking(open);
  };
  const confirm = () => {
    setChecked(true);
    if (right) close.mutate(name.trim());
  };
  return (
    <Section id="end" title={t("schools.settings.endTitle")} lead={t("schools.settings.endLead")}>
      <Button look="danger" className="justify-self-start" onClick={() => ask(true)}>
        {t("schools.settings.end")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t("schools.settings.endSure", { name: school.name })}
          body={
            <>
              <ul className="grid list-disc gap-1 ps-5">
                {GOES.map((what) => (
                  <li key={what}>{t(`schools.settings.goes_${what}`)}</li>
                ))}
              </ul>
              <p>{t("schools.settings.stays")}</p>
            </>
          }
          action={t("schools.settings.endNow")}
          busy={close.isPending}
          error={close.error}
          onConfirm={confirm}
          onClose={() => ask(false)}
        >
          <Field
            label={t("schools.settings.endName", { name: school.name })}
            name="school-name"
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={checked && !right ? t("schools.errors.name_mismatch") : undefined}
          />
        </ConfirmDialog>
      )}
    </Section>
  );
}
