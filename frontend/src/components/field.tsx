import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Stands at the end of the box, such as the switch that shows a password. */
  trailing?: ReactNode;
  /** The id of more that is to be read out with it. */
  describedBy?: string | undefined;
}

/** A labelled input whose hint and error are read out with it. */
export function Field({ label, hint, error, trailing, describedBy, className, ...input }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={clsx("grid gap-1.5", className)}>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <div className="relative">
        <input
          {...input}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={[note && noteId, describedBy].filter(Boolean).join(" ") || undefined}
          className={clsx(
            "min-h-12 w-full rounded-xl border bg-surface px-4 py-2 text-ink placeholder:text-quiet",
            trailing ? "pe-14" : undefined,
            error ? "border-danger" : "border-line hover:border-primary",
          )}
        />
        {trailing && <div className="absolute inset-y-0 end-1 grid place-items-center">{trailing}</div>}
      </div>
      {note && (
        <p id={noteId} className={clsx("text-sm", error ? "text-danger" : "text-quiet")}>
          {note}
        </p>
      )}
    </div>
  );
}
