import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

interface SelectProps extends ComponentProps<"select"> {
  label: ReactNode;
  /** Where a column's head or the row says what it is: the label is only read out. */
  quiet?: boolean;
  /** `own` marks names that people gave, or that are the same everywhere, which no language translates. */
  options: readonly { value: string; label: string; own?: boolean }[];
}

/** The browser's own list to choose from, labelled. */
export function Select({ label, quiet = false, options, className, ...select }: SelectProps) {
  const id = useId();
  return (
    <div className={clsx("grid gap-1.5", className)}>
      <label htmlFor={id} className={quiet ? "sr-only" : "font-semibold"}>
        {label}
      </label>
      <select
        {...select}
        id={id}
        className="min-h-12 w-full min-w-0 rounded-xl border border-line bg-surface px-3 py-2 text-ink hover:border-primary disabled:opacity-55"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} translate={option.own ? "no" : undefined}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
