import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";

type PasswordFieldProps = Omit<ComponentProps<typeof Field>, "label" | "type" | "trailing"> & {
  label?: string;
};

/** A password that can be looked at: people who type in a foreign language need to. */
export function PasswordField({ label, ...props }: PasswordFieldProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field
      {...props}
      label={label ?? t("auth.password")}
      type={shown ? "text" : "password"}
      trailing={
        <button
          type="button"
          aria-label={t(shown ? "auth.hidePassword" : "auth.showPassword")}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="grid size-11 place-items-center rounded-lg text-quiet hover:text-ink"
        >
          <Icon aria-hidden className="size-5" />
        </button>
      }
    />
  );
}
