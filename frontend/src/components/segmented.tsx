import clsx from "clsx";
import { useId } from "react";

interface SegmentedProps<V extends string> {
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChange: (value: V) => void;
  disabled?: boolean;
  testId?: string;
  /** Where height is dear: the label is only read out on small screens. */
  compact?: boolean;
}

/** One of a few: radio buttons in a row, so arrow keys and screen readers work as everywhere else. */
export function Segmented<V extends string>({
  label,
  value,
  options,
  onChange,
  disabled = false,
  testId,
  compact = false,
}: SegmentedProps<V>) {
  const name = useId();
  return (
    <fieldset disabled={disabled} className="grid gap-2" data-testid={testId}>
      <legend className={clsx("mx-auto mb-2 text-sm font-semibold text-quiet", compact && "max-lg:sr-only")}>
        {label}
      </legend>
      <div className="grid auto-cols-fr grid-flow-col gap-1 rounded-full bg-sunken p-1">
        {options.map((option) => (
          <label
            key={option.value}
            className={clsx(
              "relative grid min-h-11 place-items-center rounded-full px-3 text-center text-sm font-semibold transition-colors",
              "has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
              option.value === value ? "bg-surface text-ink shadow-sm" : "text-quiet hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer appearance-none rounded-full outline-none"
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
