import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive, BookOpen, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Listing, Row } from "@/account/listing";
import { Done, Refusal } from "@/account/outcome";
import { focusSection, Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { useEnding } from "@/account/use-ending";
import { focusFirstInvalid } from "@/auth/focus";
import { Button, buttonClass } from "@/components/button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { type Organisation, type Program, programsQuery, schoolApi } from "./organisations-api";
import { TextArea } from "./text-area";

const SECTION = "programs";
const MAX_NAME = 120;
const MAX_DESCRIPTION = 2_000;

type Editing = { step: "none" } | { step: "new" } | { step: "change"; program: Program };

/** Courses and classes of a school: made, changed, archived, deleted. */
export function ProgramsPart(_: { school: Organisation }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const programs = useQuery(programsQuery);
  const [editing, setEditing] = useState<Editing>({ step: "none" });
  const reload = () => queries.invalidateQueries({ queryKey: ["school"] });
  const ending = useEnding(SECTION, ["school"], (program: Program) => schoolApi.deleteProgram(program.id));
  const archive = useChange(
    (program: Program) => schoolApi.changeProgram(program.id, { archived: !program.archived }),
    reload,
  );
  const close = () => {
    setEditing({ step: "none" });
    focusSection(SECTION);
  };
  return (
    <Section id={SECTION} title={t("schools.programs.title")} lead={t("schools.programs.lead")}>
      <Listing query={programs} empty={t("schools.programs.empty")} testId="programs">
        {(program) => (
          <ProgramRow
            program={program}
            busy={archive.isPending && archive.variables.id === program.id}
            onChange={() => setEditing({ step: "change", program })}
            onArchive={() => archive.mutate(program)}
            onDelete={() => ending.ask(program)}
          />
        )}
      </Listing>
      <Refusal error={archive.error} />
      <Done>{ending.ended && t("schools.programs.deleted", { name: ending.ended.name })}</Done>
      {editing.step === "none" ? (
        <Button className="justify-self-start" onClick={() => setEditing({ step: "new" })}>
          <Plus aria-hidden className="size-4" />
          {t("schools.programs.make")}
        </Button>
      ) : (
        <ProgramForm
          key={editing.step === "change" ? editing.program.id : "new"}
          program={editing.step === "change" ? editing.program : undefined}
          onClose={close}
          onSaved={async () => {
            await reload();
            close();
          }}
        />
      )}
      {ending.asked && (
        <ConfirmDialog
          title={t("schools.programs.deleteTitle", { name: ending.asked.name })}
          body={
            <>
              <p>{t("schools.programs.deleteBody", { count: ending.asked.learners })}</p>
              <p>{t("schools.programs.deleteKept")}</p>
            </>
          }
          action={t("schools.programs.delete")}
          {...ending.dialog}
        />
      )}
    </Section>
  );
}

interface ProgramRowProps {
  program: Program;
  busy: boolean;
  onChange: () => void;
  onArchive: () => void;
  onDelete: () => void;
}

function ProgramRow({ program, busy, onChange, onArchive, onDelete }: ProgramRowProps) {
  const { t } = useTranslation();
  const { name, archived } = program;
  return (
    <Row
      icon={archived ? Archive : BookOpen}
      title={<span translate="no">{name}</span>}
      badge={archived ? t("schools.programs.archived") : undefined}
      action={
        <div className="flex flex-wrap gap-2">
          <Link
            to="/school/$part"
            params={{ part: "members" }}
            hash={program.id}
            className={buttonClass("secondary")}
            aria-label={t("schools.programs.peopleNamed", { name })}
          >
            {t("schools.programs.people")}
          </Link>
          <Button
            look="secondary"
            aria-label={t("schools.programs.changeNamed", { name })}
            onClick={onChange}
          >
            {t("schools.programs.change")}
          </Button>
          <Button
            look="quiet"
            busy={busy}
            aria-label={t(archived ? "schools.programs.reopenNamed" : "schools.programs.archiveNamed", {
              name,
            })}
            onClick={onArchive}
          >
            {t(archived ? "schools.programs.reopen" : "schools.programs.archive")}
          </Button>
          <Button look="quiet" aria-label={t("schools.programs.deleteNamed", { name })} onClick={onDelete}>
            {t("schools.programs.delete")}
          </Button>
        </div>
      }
    >
      <span>{t("schools.learners", { count: program.learners })}</span>
      <span>{t("schools.instructors", { count: program.instructors })}</span>
      {program.description && (
        <span dir="auto" translate="no" className="w-full wrap-anywhere whitespace-pre-line">
          {program.description}
        </span>
      )}
    </Row>
  );
}

interface ProgramFormProps {
  /** The one to change; a new one without it. */
  program: Program | undefined;
  onClose: () => void;
  onSaved: () => Promise<void>;
}

function ProgramForm({ program, onClose, onSaved }: ProgramFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(program?.name ?? "");
  const [description, setDescription] = useState(program?.description ?? "");
  const [checked, setChecked] = useState(false);
  const save = useChange(
    (wanted: { name: string; description: string }) =>
      program ? schoolApi.changeProgram(program.id, wanted) : schoolApi.makeProgram(wanted),
    onSaved,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (!name.trim()) return focusFirstInvalid(event.currentTarget);
    if (!save.isPending) save.mutate({ name: name.trim(), description: description.trim() });
  };
  return (
    <form
      noValidate
      onSubmit={submit}
      className="grid max-w-xl gap-4 rounded-card bg-sunken p-4"
      data-testid="program-form"
    >
      <h3 className="text-lg font-semibold">
        {program ? t("schools.programs.changeNamed", { name: program.name }) : t("schools.programs.make")}
      </h3>
      <Field
        label={t("schools.programs.name")}
        hint={t("schools.programs.nameHint")}
        name="program"
        autoFocus
        maxLength={MAX_NAME}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={checked && !name.trim() ? t("schools.nameNeeded") : undefined}
      />
      <TextArea
        label={t("schools.programs.description")}
        name="description"
        rows={3}
        maxLength={MAX_DESCRIPTION}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <Refusal error={save.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={save.isPending}>
          {t("account.save")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("account.cancel")}
        </Button>
      </div>
    </form>
  );
}
