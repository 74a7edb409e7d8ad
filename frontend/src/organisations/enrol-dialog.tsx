import { useQuery } from "@tanstack/react-query";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Modal } from "@/components/modal";
import { Select } from "@/components/select";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { type Member, type Part, type Program, programsQuery, schoolApi } from "./organisations-api";

interface EnrolDialogProps {
  member: Member;
  onChanged: () => Promise<unknown>;
  onClose: () => void;
}

/** In which programs somebody learns or teaches; each choice is saved as it is made. */
export function EnrolDialog({ member, onChanged, onClose }: EnrolDialogProps) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery);
  const open = programs.data?.filter((program) => !program.archived);
  return (
    <Modal
      title={t("schools.members.enrolNamed", { name: member.display_name || member.email })}
      testId="enrol"
      width="narrow"
      onClose={onClose}
    >
      {open === undefined ? (
        <Skeleton rows={2} />
      ) : open.length === 0 ? (
        <p className="text-quiet">{t("schools.programs.empty")}</p>
      ) : (
        <ul className="grid gap-4">
          {open.map((program) => (
            <li key={program.id}>
              <Place member={member} program={program} onChanged={onChanged} />
            </li>
          ))}
        </ul>
      )}
      <Button look="secondary" className="justify-self-end" onClick={onClose}>
        {t("schools.close")}
      </Button>
    </Modal>
  );
}

type Choice = Part["role"] | "none";

interface PlaceProps {
  member: Member;
  program: Program;
  onChanged: () => Promise<unknown>;
}

function Place({ member, program, onChanged }: PlaceProps) {
  const { t } = useTranslation();
  const change = useChange(
    (choice: Choice) =>
      choice === "none"
        ? schoolApi.unenrol(program.id, member.id)
        : schoolApi.enrol(program.id, member.id, choice),
    onChanged,
  );
  const present: Choice = member.programs.find((part) => part.id === program.id)?.role ?? "none";
  const choices: Choice[] =
    member.role === "learner" ? ["none", "learner"] : ["none", "learner", "instructor"];
  return (
    <div className="grid gap-2">
      <Select
        label={<span translate="no">{program.name}</span>}
        value={change.isPending ? change.variables : present}
        disabled={change.isPending}
        onChange={(event) => change.mutate(event.target.value as Choice)}
        options={choices.map((value) => ({ value, label: t(`schools.part_as_${value}`) }))}
      />
      <Refusal error={change.error} />
    </div>
  );
}
