import { Link } from "@tanstack/react-router";
import { Check, ChevronDown } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "@/i18n";

interface AgreementProps {
  agreed: boolean;
  onChange: (agreed: boolean) => void;
  /** The form was sent: say that the box must be ticked. */
  checked: boolean;
}

const TERMS = ["ai", "kept", "manners", "leave"] as const;

/** That the coach is an AI, and the terms: one box to tick, and what it says in full. */
export function Agreement({ agreed, onChange, checked }: AgreementProps) {
  const { t } = useTranslation();
  const errorId = useId();
  const missing = checked && !agreed;
  return (
    <div className="grid gap-1">
      <label
        data-testid="ai-disclosure"
        className="relative flex min-h-11 cursor-pointer items-start gap-3 rounded-xl py-2 has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
      >
        <input
          type="checkbox"
          name="agreed"
          checked={agreed}
          onChange={(event) => onChange(event.target.checked)}
          aria-invalid={missing || undefined}
          aria-describedby={missing ? errorId : undefined}
          className="peer absolute inset-0 cursor-pointer appearance-none outline-none"
        />
        <span
          aria-hidden
          className="mt-0.5 grid size-5 shrink-0 place-items-center rounded-md border-2 border-quiet bg-surface text-surface peer-checked:border-primary peer-checked:bg-primary peer-checked:text-on-primary peer-aria-invalid:border-danger"
        >
          {agreed && <Check className="size-4" strokeWidth={3} />}
        </span>
        <span>{t("auth.agree.label")}</span>
      </label>
      {missing && (
        <p id={errorId} className="text-sm text-danger">
          {t("auth.agree.required")}
        </p>
      )}
      <details className="group ps-8 text-sm">
        <summary className="flex min-h-11 cursor-pointer list-none items-center gap-1 font-semibold text-primary [&::-webkit-details-marker]:hidden">
          {t("auth.agree.title")}
          <ChevronDown aria-hidden className="size-4 transition-transform group-open:rotate-180" />
        </summary>
        <ul className="grid gap-2 border-s-4 border-coach-soft ps-4 pb-1 text-quiet">
          {TERMS.map((term) => (
            <li key={term}>{t(`auth.agree.${term}`)}</li>
          ))}
        </ul>
        <Link
          to="/privacy"
          target="_blank"
          className="flex min-h-11 items-center font-semibold text-primary underline"
        >
          {t("app.privacy")}
        </Link>
      </details>
    </div>
  );
}
