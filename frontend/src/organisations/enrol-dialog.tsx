import { useQuery } from "@tanstack/react-query";
import { useId, useLayoutEffect, useRef } from "react";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { type Member, type Part, type Program, programsQuery, schoolApi } from "./organisations-api";
import { Select } from "./select";

interface EnrolDialogProps {
  member: Member;
  onChanged: () => Promise<unknown>;
  onClose: () => void;
}

/** In which programs somebody learns or teaches; each choice is saved as it is made. */
export function EnrolDialog({ member, onChanged, onClose }: EnrolDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  const programs = useQuery(programsQuery);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const open = programs.data?.filter((program) => !program.archived);
  return (
    <dialog
      ref={box}
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto w-[calc(100%-2rem)] max-w-md rounded-card border border-line bg-surface p-5 text-ink shadow-xl backdrop:bg-black/60 sm:p-6"
    >
      <div className="grid gap-4" data-testid="enrol">
        <h2 id={`${id}-title`} className="text-2xl font-semibold wrap-anywhere">
          {t("schools.members.enrolNamed", { name: member.display_name || member.email })}
        </h2>
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
      </div>
    </dialog>
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
