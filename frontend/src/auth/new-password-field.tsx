import clsx from "clsx";
import { Check, Circle } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "@/i18n";
import { PasswordField } from "./password-field";
import { brokenRules, judgePassword, MAX_PASSWORD } from "./password-rules";

interface NewPasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** The address it must have nothing of, where it is known. */
  email?: string;
  /** The form was sent: say in words what is missing. */
  checked: boolean;
  label?: string;
}

/** A password to be chosen, with its rules ticked off while it is typed. */
export function NewPasswordField({ value, onChange, email = "", checked, label }: NewPasswordFieldProps) {
  const { t, i18n } = useTranslation();
  const rulesId = useId();
  const broken = brokenRules(value, email);
  const missing = new Intl.ListFormat(i18n.language).format(broken.map((rule) => t(`auth.rules.${rule}`)));
  return (
    <div className="grid gap-2">
      <PasswordField
        {...(label ? { label } : {})}
        name="new-password"
        autoComplete="new-password"
        maxLength={MAX_PASSWORD}
        describedBy={rulesId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={checked && broken.length > 0 ? t("auth.rules.missing", { rules: missing }) : undefined}
      />
      <div id={rulesId} data-testid="password-rules" className="grid gap-1 text-sm">
        <p className="text-quiet">{t("auth.rules.title")}</p>
        <ul className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
          {judgePassword(value, email).map(({ rule, kept }) => (
            <li
              key={rule}
              data-rule={rule}
              data-kept={kept}
              className={clsx("flex items-start gap-2", kept ? "text-coach" : "text-quiet")}
            >
              {kept ? (
                <Check aria-hidden className="mt-0.5 size-4 shrink-0" />
              ) : (
                <Circle aria-hidden className="mt-0.5 size-4 shrink-0" />
              )}
              <span>
                {t(`auth.rules.${rule}`)}
                <span className="sr-only"> ({t(kept ? "auth.rules.met" : "auth.rules.open")})</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
      <p role="status" className="sr-only">
        {broken.length === 0 && t("auth.rules.allMet")}
      </p>
    </div>
  );
}
