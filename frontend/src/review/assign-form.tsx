import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { allLessonsQuery } from "@/lessons/lessons-api";
import { today } from "@/lib/format";
import { reviewApi } from "./review-api";
import { TextArea } from "./text-area";
import { refusalWords } from "./words";

const TITLE_CHARACTERS = 120;
const BODY_CHARACTERS = 4_000;

interface AssignFormProps {
  learnerId: string;
  onDone: () => void;
  onCancel: () => void;
}

/** What a learner is to practise: a topic, or a lesson, which names itself where no topic is written. */
export function AssignForm({ learnerId, onDone, onCancel }: AssignFormProps) {
  const { t } = useTranslation();
  const lessons = useQuery(allLessonsQuery).data ?? [];
  const [lessonId, setLessonId] = useState("");
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [due, setDue] = useState("");
  const lesson = lessons.find((one) => one.id === lessonId);
  const topic = title.trim() || (lesson?.title.slice(0, TITLE_CHARACTERS) ?? "");
  const assign = useChange(
    () =>
      reviewApi.assign(learnerId, {
        title: topic,
        body,
        due_on: due || null,
        lesson_id: lesson?.id ?? null,
      }),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (topic && !assign.isPending) assign.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-4 rounded-2xl bg-sunken p-4" data-testid="assign-form">
      <Field
        label={t("review.assignTitle")}
        hint={t("review.assignTitleHint")}
        name="title"
        required={lesson === undefined}
        autoFocus
        maxLength={TITLE_CHARACTERS}
        placeholder={lesson?.title}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      {lessons.length > 0 && (
        <Select
          label={t("review.assignLesson")}
          name="lesson"
          value={lessonId}
          options={[
            { value: "", label: t("review.noLesson") },
            ...lessons.map((one) => ({ value: one.id, label: `${one.level} · ${one.title}`, own: true })),
          ]}
          onChange={(event) => setLessonId(event.target.value)}
        />
      )}
      <TextArea
        label={t("review.assignBody")}
        name="body"
        value={body}
        onText={setBody}
        most={BODY_CHARACTERS}
      />
      <Field
        label={t("review.assignDue")}
        name="due"
        type="date"
        min={today()}
        value={due}
        onChange={(event) => setDue(event.target.value)}
      />
      {assign.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, assign.error)}
        </Message>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={assign.isPending} disabled={!topic}>
          {t("review.assignSend")}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t("review.cancel")}
        </Button>
      </div>
    </form>
  );
}
