import { RadioCards } from "@/account/choices";
import { useTranslation } from "@/i18n";
import { LEVELS } from "@/lib/levels";
import type { Level } from "./onboarding-api";

interface LevelCardsProps {
  label: string;
  value: Level | undefined;
  onChange: (level: Level) => void;
}

/** The levels, each with a word about what it means. */
export function LevelCards({ label, value, onChange }: LevelCardsProps) {
  const { t } = useTranslation();
  return (
    <RadioCards
      label={label}
      testId="level"
      columns={2}
      value={value}
      options={LEVELS.map((level) => ({
        value: level,
        label: t(`account.profile.level_${level}`),
        hint: t(`account.profile.levelHint_${level}`),
      }))}
      onChange={onChange}
    />
  );
}
