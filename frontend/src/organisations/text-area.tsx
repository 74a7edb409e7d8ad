import clsx from "clsx";
import { type ComponentProps, useId } from "react";

interface TextAreaProps extends ComponentProps<"textarea"> {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

/** A labelled box for several lines whose hint and error are read out with it. */
export function TextArea({ label, hint, error, ...box }: TextAreaProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <textarea
        {...box}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        className={clsx(
          "w-full rounded-xl border bg-surface px-4 py-3 text-ink placeholder:text-quiet",
          error ? "border-danger" : "border-line hover:border-primary",
        )}
      />
      {note && (
        <p id={`${id}-note`} className={clsx("text-sm", error ? "text-danger" : "text-quiet")}>
          {note}
        </p>
      )}
    </div>
  );
}
