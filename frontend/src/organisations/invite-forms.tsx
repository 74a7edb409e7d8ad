import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Done, Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { looksLikeEmail } from "@/auth/email";
import { focusFirstInvalid } from "@/auth/focus";
import { LocalMail } from "@/auth/local-mail";
import { Button, buttonClass } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { invitationsQuery, programsQuery, ROLES, type Role, schoolApi } from "./organisations-api";
import { TextArea } from "./text-area";

/** The API's own bounds. */
const MOST_USES = 1_000;
const MOST_ADDRESSES = 50;
const DAYS = [1, 7, 14, 30, 90] as const;

/** A link for learners, as often and as long as it says. */
export function LinkForm() {
  const { t } = useTranslation();
  const reload = useReload();
  const [program, setProgram] = useState("");
  const [uses, setUses] = useState("30");
  const [days, setDays] = useState(14);
  const [checked, setChecked] = useState(false);
  const make = useChange(schoolApi.inviteByLink, reload);
  const wanted = Number(uses);
  const wrong = !Number.isInteger(wanted) || wanted < 1 || wanted > MOST_USES;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (wrong) return focusFirstInvalid(event.currentTarget);
    if (!make.isPending) {
      make.mutate({ program_id: program || null, max_uses: wanted, expires_in_days: days });
    }
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4" data-testid="link-form">
      <ProgramChoice value={program} onChange={setProgram} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t("schools.invite.maxUses")}
          name="uses"
          inputMode="numeric"
          value={uses}
          onChange={(event) => setUses(event.target.value)}
          error={checked && wrong ? t("schools.invite.maxUsesWrong", { most: MOST_USES }) : undefined}
        />
        <DaysChoice value={days} onChange={setDays} />
      </div>
      <Refusal error={make.error} />
      <Button type="submit" className="justify-self-start" busy={make.isPending}>
        {t("schools.invite.makeLink")}
      </Button>
      {make.data?.url && (
        <div className="grid gap-3 rounded-card bg-coach-soft p-4" data-testid="new-link">
          <Done>{t("schools.invite.linkMade")}</Done>
          <code
            translate="no"
            className="rounded-xl border border-line bg-surface px-4 py-3 text-sm break-all select-all"
          >
            {make.data.url}
          </code>
          <div className="flex flex-wrap items-center gap-2">
            <CopyButton text={make.data.url} />
          </div>
        </div>
      )}
    </form>
  );
}

function addressesIn(text: string): string[] {
  return [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    ),
  ];
}

/** Letters, each for one address and one use. */
export function MailForm() {
  const { t } = useTranslation();
  const reload = useReload();
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>("learner");
  const [program, setProgram] = useState("");
  const [checked, setChecked] = useState(false);
  const send = useChange(schoolApi.inviteByMail, () => {
    setText("");
    setChecked(false);
    return reload();
  });
  const emails = addressesIn(text);
  const strange = emails.filter((email) => !looksLikeEmail(email));
  const problem =
    emails.length === 0
      ? t("schools.invite.addressNeeded")
      : strange.length > 0
        ? t("schools.invite.addressWrong", { address: strange[0] ?? "" })
        : emails.length > MOST_ADDRESSES
          ? t("schools.invite.addressesMany", { most: MOST_ADDRESSES })
          : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (problem !== undefined) return focusFirstInvalid(event.currentTarget);
    if (!send.isPending) send.mutate({ emails, role, program_id: program || null, expires_in_days: 14 });
  };
  const unverified = send.error instanceof ApiError && send.error.code === "email_unverified";
  return (
    <form noValidate onSubmit={submit} className="grid gap-4" data-testid="mail-form">
      <TextArea
        label={t("schools.invite.addresses")}
        hint={t("schools.invite.addressesHint")}
        name="emails"
        rows={3}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={checked ? problem : undefined}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t("schools.invite.role")}
          name="role"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
          options={ROLES.map((value) => ({ value, label: t(`schools.role_${value}`) }))}
        />
        <ProgramChoice value={program} onChange={setProgram} />
      </div>
      <Refusal error={send.error} />
      {unverified && (
        <Link to="/account/security" className={buttonClass("secondary", "justify-self-start")}>
          {t("schools.invite.confirmFirst")}
        </Link>
      )}
      <Button type="submit" className="justify-self-start" busy={send.isPending}>
        {t("schools.invite.send")}
      </Button>
      <Done>{send.isSuccess && t("schools.invite.sent", { count: send.data.length })}</Done>
      {send.isSuccess && <LocalMail />}
    </form>
  );
}

function useReload() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
}

interface ChoiceProps<Value> {
  value: Value;
  onChange: (value: Value) => void;
}

function ProgramChoice({ value, onChange }: ChoiceProps<string>) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery).data ?? [];
  const open = programs.filter((program) => !program.archived);
  return (
    <Select
      label={t("schools.invite.program")}
      name="program"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      options={[
        { value: "", label: t("schools.invite.noProgram") },
        ...open.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

function DaysChoice({ value, onChange }: ChoiceProps<number>) {
  const { t } = useTranslation();
  return (
    <Select
      label={t("schools.invite.valid")}
      name="days"
      value={String(value)}
      onChange={(event) => onChange(Number(event.target.value))}
      options={DAYS.map((days) => ({
        value: String(days),
        label: t("schools.invite.days", { count: days }),
      }))}
    />
  );
}
