import { type ComponentProps, type Ref, useId } from "react";
import { useTranslation } from "@/i18n";

interface TextAreaProps extends Omit<ComponentProps<"textarea">, "onChange" | "value"> {
  label: string;
  value: string;
  onText: (text: string) => void;
  most: number;
  ref?: Ref<HTMLTextAreaElement>;
}

const WARN_BELOW = 100;

/** A labelled box for several lines, which says when room gets short. */
export function TextArea({ label, value, onText, most, ref, ...rest }: TextAreaProps) {
  const { t } = useTranslation();
  const id = useId();
  const left = most - [...value].length;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <textarea
        rows={3}
        dir="auto"
        {...rest}
        id={id}
        ref={ref}
        value={value}
        onChange={(event) => onText(event.target.value)}
        aria-invalid={left < 0 || undefined}
        className="w-full resize-y rounded-xl border border-line bg-surface px-3 py-2 placeholder:text-quiet hover:border-primary"
      />
      {left < WARN_BELOW && (
        <p role="status" className={left < 0 ? "text-sm text-danger" : "text-sm text-quiet"}>
          {t("review.charactersLeft", { count: left })}
        </p>
      )}
    </div>
  );
}
