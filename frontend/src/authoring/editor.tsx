/** What every form of the builder knows: the draft, and what stands against its places. */

import clsx from "clsx";
import { createContext, type ReactNode, useContext } from "react";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { TextArea } from "@/organisations/text-area";
import type { Problem } from "./authoring-api";
import { at, type Place, pathOf } from "./lesson";
import type { Editing } from "./use-draft";
import { problemWords } from "./words";

const Editor = createContext<Editing | null>(null);

export function EditorProvider({ editing, children }: { editing: Editing; children: ReactNode }) {
  return <Editor value={editing}>{children}</Editor>;
}

export function useEditor(): Editing {
  const editing = useContext(Editor);
  if (editing === null) throw new Error("no draft is being edited here");
  return editing;
}

/** What stands against exactly this place. */
function useProblem(place: Place): Problem | undefined {
  const path = pathOf(place);
  return useEditor().problems.find((one) => one.path === path);
}

/** A place that problems can lead to. */
export function Spot({
  place,
  children,
  className,
}: {
  place: Place;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div data-place={pathOf(place)} className={clsx("min-w-0", className)}>
      {children}
    </div>
  );
}

/** Shows a place and puts the writer there, opening what it is folded into. */
export function goTo(path: string): void {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const found = document.querySelector<HTMLElement>(`[data-place="${parts.slice(0, length).join(".")}"]`);
    if (found === null) continue;
    for (let box = found.closest("details"); box; box = box.parentElement?.closest("details") ?? null)
      box.open = true;
    const control = found.querySelector<HTMLElement>("input, textarea, select, summary, button") ?? found;
    control.scrollIntoView({ block: "center" });
    control.focus();
    return;
  }
}

interface WordsProps {
  place: Place;
  label: string;
  hint?: string | undefined;
  /** Lines of the box; one line where left out. */
  rows?: number;
  most?: number;
}

/** A text of the lesson, with what stands against it under it. */
export function Words({ place, label, hint, rows, most = 400 }: WordsProps) {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  const problem = useProblem(place);
  const shared = {
    label,
    hint: problem?.weight === "advice" ? problemWords(t, problem) : hint,
    error: problem?.weight === "error" ? problemWords(t, problem) : undefined,
    name: pathOf(place),
    maxLength: most,
    dir: "auto" as const,
    value: String(at(content, place) ?? ""),
  };
  return (
    <Spot place={place}>
      {rows ? (
        <TextArea {...shared} rows={rows} onChange={(event) => set(place, event.target.value)} />
      ) : (
        <Field {...shared} autoComplete="off" onChange={(event) => set(place, event.target.value)} />
      )}
    </Spot>
  );
}

interface FigureProps {
  place: Place;
  label: string;
  least: number;
  most: number;
  step?: number;
  hint?: string;
}

/** A whole number; empty while it is being written. */
export function Figure({ place, label, least, most, step = 1, hint }: FigureProps) {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  const problem = useProblem(place);
  const value = at(content, place);
  return (
    <Spot place={place}>
      <Field
        type="number"
        inputMode="numeric"
        label={label}
        name={pathOf(place)}
        hint={problem?.weight === "advice" ? problemWords(t, problem) : hint}
        error={problem?.weight === "error" ? problemWords(t, problem) : undefined}
        min={least}
        max={most}
        step={step}
        value={typeof value === "number" ? value : ""}
        onChange={({ target }) => set(place, target.value === "" ? null : Math.trunc(Number(target.value)))}
      />
    </Spot>
  );
}

interface ChoiceProps<Value extends string> {
  place: Place;
  label: string;
  options: readonly { value: Value; label: string; own?: boolean }[];
}

/** One of a few. */
export function Choice<Value extends string>({ place, label, options }: ChoiceProps<Value>) {
  const { content, set } = useEditor();
  return (
    <Spot place={place}>
      <Select
        label={label}
        value={String(at(content, place) ?? "")}
        options={options}
        onChange={(event) => set(place, event.target.value)}
      />
    </Spot>
  );
}

/** What stands against a part as a whole, such as a criterion that looks for nothing. */
export function PartProblem({ place }: { place: Place }) {
  const { t } = useTranslation();
  const problem = useProblem(place);
  if (problem === undefined) return null;
  return (
    <p className={clsx("text-sm", problem.weight === "error" ? "text-danger" : "text-quiet")}>
      {problemWords(t, problem)}
    </p>
  );
}
