import clsx from "clsx";
import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";

interface CardProps {
  type: "radio" | "checkbox";
  name: string;
  checked: boolean;
  label: ReactNode;
  hint?: string | undefined;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** A radio button or checkbox as large as its words, so that a thumb finds it. */
function Card({ type, name, checked, label, hint, disabled, onChange }: CardProps) {
  const id = useId();
  return (
    <div
      className={clsx(
        "relative flex min-h-12 items-start gap-3 rounded-xl border px-3 py-2.5 transition-colors",
        "has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
        checked ? "border-primary bg-coach-soft" : "border-line bg-surface hover:border-primary",
      )}
    >
      <input
        type={type}
        name={name}
        checked={checked}
        disabled={disabled}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
        className="absolute inset-0 size-full cursor-pointer appearance-none rounded-xl outline-none disabled:cursor-default"
      />
      <span
        aria-hidden
        className={clsx(
          "mt-0.5 grid size-5 shrink-0 place-items-center border-2",
          type === "radio" ? "rounded-full" : "rounded-md",
          checked ? "border-primary bg-primary text-on-primary" : "border-quiet",
        )}
      >
        {checked && <Check className="size-3.5" strokeWidth={3.5} />}
      </span>
      <span className="grid min-w-0">
        <span id={`${id}-label`} className="font-semibold">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="text-sm text-quiet">
            {hint}
          </span>
        )}
      </span>
    </div>
  );
}

export interface Option<V extends string> {
  value: V;
  label: ReactNode;
  hint?: string;
}

interface GroupProps<V extends string> {
  label: string;
  options: readonly Option<V>[];
  /** How many stand in a row where there is room. */
  columns?: 1 | 2 | 3;
  disabled?: boolean;
  error?: string | undefined;
  testId?: string;
}

const COLUMNS = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3" };

interface RadioCardsProps<V extends string> extends GroupProps<V> {
  value: V | undefined;
  onChange: (value: V) => void;
}

/** One of a few, each with a word about what it means. */
export function RadioCards<V extends string>({ value, onChange, ...group }: RadioCardsProps<V>) {
  return (
    <Group
      {...group}
      type="radio"
      isChecked={(option) => option === value}
      onChange={(option) => onChange(option)}
    />
  );
}

interface CheckCardsProps<V extends string> extends GroupProps<V> {
  values: readonly V[];
  onChange: (values: V[]) => void;
}

/** Any of a few. */
export function CheckCards<V extends string>({ values, onChange, ...group }: CheckCardsProps<V>) {
  return (
    <Group
      {...group}
      type="checkbox"
      isChecked={(option) => values.includes(option)}
      onChange={(option, checked) =>
        onChange(checked ? [...values, option] : values.filter((value) => value !== option))
      }
    />
  );
}

interface InnerProps<V extends string> extends GroupProps<V> {
  type: "radio" | "checkbox";
  isChecked: (option: V) => boolean;
  onChange: (option: V, checked: boolean) => void;
}

function Group<V extends string>({
  label,
  options,
  columns = 1,
  disabled = false,
  error,
  testId,
  type,
  isChecked,
  onChange,
}: InnerProps<V>) {
  const name = useId();
  return (
    <fieldset className="grid min-w-0 gap-2" data-testid={testId}>
      <legend className="mb-2 font-semibold">{label}</legend>
      <div className={clsx("grid gap-2", COLUMNS[columns])}>
        {options.map((option) => (
          <Card
            key={option.value}
            type={type}
            name={name}
            checked={isChecked(option.value)}
            label={option.label}
            hint={option.hint}
            disabled={disabled}
            onChange={(checked) => onChange(option.value, checked)}
          />
        ))}
      </div>
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
