import { type FormEvent, useId, useState } from "react";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { AuthCard } from "@/auth/auth-card";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { onboarding, type Placement } from "./onboarding-api";

const MAX_ANSWER = 2_000;

interface TasksStepProps {
  placement: Placement;
  onDone: (placement: Placement) => void;
  onBack: () => void;
}

/** The questions of a typed placement, from easy to hard. */
export function TasksStep({ placement, onDone, onBack }: TasksStepProps) {
  const { t } = useTranslation();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const answered = placement.tasks.filter((task) => texts[task.key]?.trim());
  const save = useChange(
    () =>
      onboarding.answer(
        placement.id,
        answered.map((task) => ({ task: task.key, text: texts[task.key] ?? "" })),
      ),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (answered.length > 0 && !save.isPending) save.mutate();
  };
  return (
    <AuthCard title={t("onboarding.tasksTitle")} lead={t("onboarding.tasksLead")}>
      <form noValidate onSubmit={submit} className="grid gap-6" data-testid="begin-tasks">
        {placement.tasks.map((task, index) => (
          <Task
            key={task.key}
            heading={t("onboarding.task", { number: index + 1, of: placement.tasks.length })}
            question={task.question}
            value={texts[task.key] ?? ""}
            onChange={(text) => setTexts({ ...texts, [task.key]: text })}
          />
        ))}
        <Refusal error={save.error} />
        <div className="grid gap-2">
          <Button type="submit" busy={save.isPending} disabled={answered.length === 0} className="min-h-12">
            {t(save.isPending ? "onboarding.judging" : "onboarding.handIn")}
          </Button>
          <Button look="quiet" onClick={onBack}>
            {t("onboarding.back")}
          </Button>
        </div>
      </form>
    </AuthCard>
  );
}

interface TaskProps {
  heading: string;
  question: string;
  value: string;
  onChange: (text: string) => void;
}

function Task({ heading, question, value, onChange }: TaskProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="grid gap-0.5">
        <span className="text-sm text-quiet">{heading}</span>
        <span lang="en" translate="no" className="font-semibold">
          {question}
        </span>
      </label>
      <textarea
        id={id}
        rows={3}
        lang="en"
        spellCheck={false}
        autoComplete="off"
        maxLength={MAX_ANSWER}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="field-sizing-content min-h-24 w-full rounded-xl border border-line bg-surface px-4 py-2.5 hover:border-primary"
      />
    </div>
  );
}
