import { type ComponentProps, useId } from "react";

interface SelectProps extends ComponentProps<"select"> {
  label: string;
  options: readonly { value: string; label: string; own?: boolean }[];
}

/** One of several in little room. `own` marks names that people gave, which no language translates. */
export function Select({ label, options, className, ...rest }: SelectProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      <select
        {...rest}
        id={id}
        className="min-h-12 w-full rounded-xl border border-line bg-surface px-3 py-2 hover:border-primary"
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
