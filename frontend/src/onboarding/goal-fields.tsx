import { RadioCards } from "@/account/choices";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import type { GoalKind } from "./onboarding-api";

const GOALS = [
  "everyday",
  "work",
  "study",
  "exam",
  "travel",
  "friends",
  "other",
] as const satisfies GoalKind[];
const MAX_GOAL = 200;

interface GoalFieldsProps {
  kind: GoalKind | null;
  words: string;
  onKind: (kind: GoalKind) => void;
  onWords: (words: string) => void;
}

/** What a learner practises for: one of some kinds, and in words of their own. */
export function GoalFields({ kind, words, onKind, onWords }: GoalFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <RadioCards
        label={t("onboarding.goal")}
        columns={2}
        testId="goal"
        value={kind ?? undefined}
        options={GOALS.map((value) => ({ value, label: t(`onboarding.goals.${value}`) }))}
        onChange={onKind}
      />
      <Field
        label={t("onboarding.ownWords")}
        hint={t("onboarding.ownWordsHint")}
        name="goal"
        maxLength={MAX_GOAL}
        value={words}
        onChange={(event) => onWords(event.target.value)}
      />
    </>
  );
}
