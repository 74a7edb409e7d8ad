import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { Modal } from "@/components/modal";
import { Select } from "@/components/select";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { today } from "@/lib/format";
import { programsQuery } from "@/organisations/organisations-api";
import { TextArea } from "@/organisations/text-area";
import { authoringApi } from "./authoring-api";
import { refusalWords } from "./words";

interface AssignDialogProps {
  lesson: { id: string; title: string };
  onClose: () => void;
}

/** Gives a lesson to everybody in a program, by a day if need be. */
export function AssignDialog({ lesson, onClose }: AssignDialogProps) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery);
  const open = (programs.data ?? []).filter((one) => !one.archived);
  const [program, setProgram] = useState("");
  const [due, setDue] = useState("");
  const [body, setBody] = useState("");
  const chosen = program || open[0]?.id;
  const assign = useChange(() =>
    authoringApi.assign(lesson.id, { program_id: chosen ?? null, body, due_on: due || null }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen && !assign.isPending) assign.mutate();
  };
  return (
    <Modal title={t("authoring.assignTitle")} testId="assign" onClose={onClose}>
      <p translate="no" dir="auto" className="font-semibold wrap-anywhere">
        {lesson.title}
      </p>
      {assign.data ? (
        <Message>
          {t("authoring.assigned", { count: assign.data.assigned })}{" "}
          {assign.data.full > 0 && t("authoring.assignedFull", { count: assign.data.full })}
        </Message>
      ) : programs.data === undefined ? (
        programs.isError ? (
          <Failure
            title={t("authoring.programsFailed")}
            error={programs.error}
            busy={programs.isFetching}
            onRetry={() => void programs.refetch()}
          />
        ) : (
          <Skeleton rows={2} />
        )
      ) : open.length === 0 ? (
        <>
          <p>{t("authoring.noProgram")}</p>
          <p className="text-sm text-quiet">{t("authoring.assignOne")}</p>
        </>
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          <Select
            label={t("authoring.program")}
            value={chosen ?? ""}
            options={open.map((one) => ({ value: one.id, label: one.name, own: true }))}
            onChange={(event) => setProgram(event.target.value)}
          />
          <Field
            label={t("authoring.due")}
            type="date"
            name="due"
            min={today()}
            value={due}
            onChange={(event) => setDue(event.target.value)}
          />
          <TextArea
            label={t("authoring.assignBody")}
            name="body"
            rows={2}
            maxLength={4_000}
            value={body}
            onChange={(event) => setBody(event.target.value)}
          />
          <p className="text-sm text-quiet">{t("authoring.assignOne")}</p>
          {assign.isError && (
            <Message tone="danger" urgent>
              {refusalWords(t, assign.error)}
            </Message>
          )}
          <Button type="submit" busy={assign.isPending} disabled={!chosen}>
            {t("authoring.assignSend")}
          </Button>
        </form>
      )}
      <Button look="secondary" className="justify-self-end" onClick={onClose}>
        {t("authoring.close")}
      </Button>
    </Modal>
  );
}
