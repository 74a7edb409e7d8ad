import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";

const FIRST_YEAR = 1900;

/** The year as a number, or null where nobody alive can have been born then. */
export function birthYearIn(text: string, now = new Date()): number | null {
  if (!/^\d{4}$/.test(text.trim())) return null;
  const year = Number(text);
  return year >= FIRST_YEAR && year <= now.getFullYear() ? year : null;
}

interface BirthYearFieldProps {
  value: string;
  onChange: (value: string) => void;
  checked: boolean;
}

/** Asks for the year of birth and says why. */
export function BirthYearField({ value, onChange, checked }: BirthYearFieldProps) {
  const { t } = useTranslation();
  const limits = { from: FIRST_YEAR, to: new Date().getFullYear() };
  return (
    <Field
      label={t("auth.birthYear.label")}
      hint={t("auth.birthYear.hint")}
      inputMode="numeric"
      name="birth-year"
      autoComplete="bday-year"
      maxLength={4}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={checked && birthYearIn(value) === null ? t("auth.birthYear.invalid", limits) : undefined}
    />
  );
}
