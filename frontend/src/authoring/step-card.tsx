import { ChevronDown, Plus } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button } from "@/components/button";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import type { Step } from "./authoring-api";
import { CriterionForm } from "./criterion-form";
import { Choice, Figure, Spot, useEditor, Words } from "./editor";
import { ExchangeForm } from "./exchange-form";
import { moved, newCriterion, newExchange, type Place, STEP_KINDS } from "./lesson";
import { PartTools } from "./part-tools";
import { WordList } from "./word-list";

const MOST_EXCHANGES = 12;
const MOST_CRITERIA = 8;
const STEPS: Place = ["steps"];

interface StepCardProps {
  step: Step;
  index: number;
  open: boolean;
}

/** One step: its heading folds it, Alt with an arrow key moves it. */
export function StepCard({ step, index, open }: StepCardProps) {
  const { t } = useTranslation();
  const { content, set, problems } = useEditor();
  const place = [...STEPS, index];
  // Afterwards it opens and closes as the writer wants.
  const [opened] = useState(open);
  const title = step.title || t("authoring.stepNumber", { number: index + 1 });
  const errors = problems.filter(
    (one) => one.weight === "error" && one.path.startsWith(`steps.${index}.`),
  ).length;
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : null;
    if (!event.altKey || by === null) return;
    event.preventDefault();
    const heading = event.currentTarget as HTMLElement;
    set(STEPS, moved(content.steps, index, by));
    requestAnimationFrame(() => heading.focus());
  };
  return (
    <li className="rounded-card border border-line bg-surface" data-testid="step">
      <Spot place={place}>
        <details open={opened} className="group/step">
          {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button */}
          <summary
            onKeyDown={onKey}
            className="flex min-h-14 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 sm:px-6"
          >
            <span aria-hidden className="font-display text-lg font-semibold text-quiet">
              {index + 1}
            </span>
            <h3
              className="min-w-0 text-lg font-semibold wrap-anywhere"
              translate={step.title ? "no" : undefined}
            >
              {title}
            </h3>
            <span className="text-sm text-quiet">
              {t(`authoring.step_${step.kind}`)} · {t("authoring.seconds", { count: step.seconds ?? 0 })}
            </span>
            {errors > 0 && (
              <span className="rounded-full bg-danger-soft px-2.5 py-0.5 text-sm font-semibold text-danger">
                {t("authoring.toFinish", { count: errors })}
              </span>
            )}
            <ChevronDown aria-hidden className="ms-auto size-5 shrink-0 group-open/step:rotate-180" />
          </summary>
          <div className="grid gap-5 border-t border-line p-4 sm:p-6">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <p className="text-sm text-quiet">{t("authoring.moveHint")}</p>
              <PartTools list={STEPS} index={index} name={title} least={1} />
            </div>
            <About place={place} step={step} />
            <Exchanges place={[...place, "exchanges"]} step={step} />
            <Criteria place={[...place, "criteria"]} step={step} />
          </div>
        </details>
      </Spot>
    </li>
  );
}

function About({ place, step }: { place: Place; step: Step }) {
  const { t } = useTranslation();
  const { content } = useEditor();
  const kinds = STEP_KINDS.map((value) => ({ value, label: t(`authoring.step_${value}`) }));
  const modes = (["individual", "pair"] as const).map((value) => ({
    value,
    label: t(`authoring.mode_${value}`),
  }));
  const visuals = content.visuals ?? [];
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Words place={[...place, "title"]} label={t("authoring.stepTitle")} />
        <Choice place={[...place, "kind"]} label={t("authoring.stepKind")} options={kinds} />
        <Figure
          place={[...place, "seconds"]}
          label={t("authoring.stepSeconds")}
          least={20}
          most={900}
          step={10}
        />
        <Choice place={[...place, "mode"]} label={t("authoring.mode")} options={modes} />
      </div>
      <Words
        place={[...place, "instructions"]}
        label={t("authoring.instructions")}
        hint={t("authoring.instructionsHint")}
      />
      <Words
        place={[...place, "guidance"]}
        label={t("authoring.guidance")}
        hint={t("authoring.guidanceHint")}
        rows={2}
        most={800}
      />
      {visuals.length > 0 && <Shown place={[...place, "visual"]} shown={step.visual ?? ""} />}
      {step.mode === "pair" && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Words place={[...place, "coach_role"]} label={t("authoring.coachRole")} />
          <Words place={[...place, "learner_role"]} label={t("authoring.learnerRole")} />
          <WordList
            place={[...place, "opinions"]}
            label={t("authoring.opinions")}
            hint={t("authoring.opinionsHint")}
          />
        </div>
      )}
    </>
  );
}

function Shown({ place, shown }: { place: Place; shown: string }) {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  return (
    <Spot place={place}>
      <Select
        label={t("authoring.visual")}
        value={shown}
        options={[
          { value: "", label: t("authoring.noVisual") },
          ...(content.visuals ?? []).map((one) => ({ value: one.key, label: one.title, own: true })),
        ]}
        onChange={({ target }) => set(place, target.value || null)}
      />
    </Spot>
  );
}

function Exchanges({ place, step }: { place: Place; step: Step }) {
  const { t } = useTranslation();
  const { set } = useEditor();
  return (
    <section className="grid gap-3">
      <h4 className="text-lg font-semibold">{t("authoring.exchanges")}</h4>
      <ul className="grid gap-3">
        {step.exchanges.map((exchange, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an exchange has no name of its own; its fields hold no state
          <ExchangeForm key={index} list={place} index={index} exchange={exchange} />
        ))}
      </ul>
      {step.exchanges.length < MOST_EXCHANGES && (
        <Button
          look="secondary"
          className="justify-self-start"
          onClick={() => set(place, [...step.exchanges, newExchange()])}
        >
          <Plus aria-hidden className="size-4" />
          {t("authoring.addExchange")}
        </Button>
      )}
    </section>
  );
}

function Criteria({ place, step }: { place: Place; step: Step }) {
  const { t } = useTranslation();
  const { set } = useEditor();
  return (
    <section className="grid gap-3">
      <div>
        <h4 className="text-lg font-semibold">{t("authoring.criteria")}</h4>
        <p className="text-sm text-quiet">{t("authoring.criteriaLead")}</p>
      </div>
      <ul className="grid gap-3">
        {step.criteria.map((criterion, index) => (
          <CriterionForm key={criterion.key} list={place} index={index} criterion={criterion} />
        ))}
      </ul>
      {step.criteria.length < MOST_CRITERIA && (
        <Button
          look="secondary"
          className="justify-self-start"
          data-testid="add-criterion"
          onClick={() => set(place, [...step.criteria, newCriterion()])}
        >
          <Plus aria-hidden className="size-4" />
          {t("authoring.addCriterion")}
        </Button>
      )}
    </section>
  );
}
