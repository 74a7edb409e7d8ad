import { useQuery } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { Modal } from "@/components/modal";
import { ProgressBar } from "@/components/progress-bar";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { AREAS, objectivesQuery } from "@/lessons/lessons-api";
import { LEVELS } from "@/lib/levels";
import { authoringApi, isOver, type Suggestion, suggestionQuery, type Wish } from "./authoring-api";
import { DocumentsPicker } from "./documents-picker";
import { TASKS } from "./lesson";
import { refusalWords } from "./words";

interface NewLessonDialogProps {
  onMade: (lessonId: string) => void;
  onClose: () => void;
}

type Choices = Pick<Wish, "level" | "task"> & { area: NonNullable<Wish["area"]> };

/** What a lesson is to be; it is drafted, or begun from the template of its task. */
export function NewLessonDialog({ onMade, onClose }: NewLessonDialogProps) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState<Choices>({ level: "A2", task: "exchange_views", area: "everyday" });
  const [topic, setTopic] = useState("");
  const [words, setWords] = useState("");
  const [objective, setObjective] = useState("");
  const [documents, setDocuments] = useState<string[]>([]);
  const objectives = useQuery(objectivesQuery).data?.filter((one) => one.level === choices.level) ?? [];
  const wish = {
    ...choices,
    topic: topic.trim(),
    objectives: objective ? [objective] : [],
    words: words
      .split(/[,\n]/)
      .map((word) => word.trim())
      .filter(Boolean),
    document_ids: documents,
  } as Wish;
  const suggest = useChange(() => authoringApi.suggest(wish));
  const begin = useChange(
    () => {
      const { words: _, document_ids: __, ...plain } = wish;
      return authoringApi.begin(plain);
    },
    (draft) => onMade(draft.lesson_id),
  );
  const error = suggest.error ?? begin.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wish.topic.length > 1 && !suggest.isPending) suggest.mutate();
  };
  if (suggest.data)
    return (
      <Modal title={t("authoring.suggesting")} testId="suggesting" onClose={onClose}>
        <Progress first={suggest.data} onMade={onMade} onAgain={() => suggest.reset()} />
        <Button look="secondary" className="justify-self-end" onClick={onClose}>
          {t("authoring.close")}
        </Button>
      </Modal>
    );
  return (
    <Modal title={t("authoring.newLesson")} testId="new-lesson" onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <Field
          label={t("authoring.topic")}
          hint={t("authoring.topicHint")}
          name="topic"
          autoComplete="off"
          required
          maxLength={80}
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            label={t("authoring.level")}
            value={choices.level}
            options={LEVELS.map((value) => ({ value, label: value, own: true }))}
            onChange={({ target }) => {
              setChoices({ ...choices, level: target.value as Choices["level"] });
              setObjective("");
            }}
          />
          <Select
            label={t("authoring.task")}
            value={choices.task}
            options={TASKS.map((value) => ({ value, label: t(`authoring.task_${value}`) }))}
            onChange={({ target }) => setChoices({ ...choices, task: target.value as Choices["task"] })}
          />
          <Select
            label={t("authoring.area")}
            value={choices.area}
            options={AREAS.map((value) => ({ value, label: t(`authoring.area_${value}`) }))}
            onChange={({ target }) => setChoices({ ...choices, area: target.value as Choices["area"] })}
          />
          <Select
            label={t("authoring.objective")}
            value={objective}
            options={[
              { value: "", label: t("authoring.anyObjective") },
              ...objectives.map((one) => ({ value: one.key, label: one.can_do, own: true })),
            ]}
            onChange={(event) => setObjective(event.target.value)}
          />
        </div>
        <Field
          label={t("authoring.wordsToUse")}
          hint={t("authoring.wordsToUseHint")}
          name="words"
          autoComplete="off"
          maxLength={400}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <DocumentsPicker chosen={documents} onChange={setDocuments} hint={t("authoring.documentsHint")} />
        {error !== null && (
          <Message tone="danger" urgent>
            {refusalWords(t, error)}
          </Message>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" busy={suggest.isPending} disabled={wish.topic.length < 2}>
            <Sparkles aria-hidden className="size-4" />
            {t("authoring.suggest")}
          </Button>
          <Button
            look="secondary"
            busy={begin.isPending}
            disabled={wish.topic.length < 2}
            onClick={() => begin.mutate()}
          >
            {t("authoring.begin")}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t("authoring.cancel")}
          </Button>
        </div>
        <p className="text-sm text-quiet">{t("authoring.suggestNote")}</p>
      </form>
    </Modal>
  );
}

const STATES = ["queued", "reading", "writing", "checking", "ready"] as const;

interface ProgressProps {
  first: Suggestion;
  onMade: (lessonId: string) => void;
  onAgain: () => void;
}

/** How far a suggestion is; who wrote it, once it is there. */
function Progress({ first, onMade, onAgain }: ProgressProps) {
  const { t } = useTranslation();
  const asked = useQuery(suggestionQuery(first.id));
  const now = asked.data ?? first;
  const place = (STATES as readonly string[]).indexOf(now.state);
  const clean = now.state === "ready" && now.fell_back === null && now.unread === 0;
  const lessonId = now.lesson_id;
  useEffect(() => {
    if (clean && lessonId) onMade(lessonId);
  }, [clean, lessonId, onMade]);
  if (now.state === "failed")
    return (
      <Message
        tone="danger"
        urgent
        actions={
          <Button look="secondary" onClick={onAgain}>
            {t("authoring.again")}
          </Button>
        }
      >
        {t("authoring.suggestFailed")}
      </Message>
    );
  return (
    <div className="grid gap-4" data-testid="suggest-progress" data-state={now.state}>
      <ProgressBar label={t("authoring.suggesting")} value={Math.max(0, place)} max={STATES.length - 1} />
      <p role="status">{t(`authoring.suggestion_${now.state}`)}</p>
      {isOver(now) && lessonId && (
        <>
          {now.fell_back !== null && <Message>{t("authoring.fellBack")}</Message>}
          {now.unread > 0 && <Message>{t("authoring.unread", { count: now.unread })}</Message>}
          <Button onClick={() => onMade(lessonId)}>{t("authoring.openDraft")}</Button>
        </>
      )}
    </div>
  );
}
