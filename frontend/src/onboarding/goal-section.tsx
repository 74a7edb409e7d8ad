import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Done, Refusal } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { GoalFields } from "./goal-fields";
import { type Onboarding, onboarding, onboardingQuery } from "./onboarding-api";

/** What the learner practises for, as it was first told, to be changed. */
export function GoalSection() {
  const { t } = useTranslation();
  const told = useQuery(onboardingQuery);
  return (
    <Section id="goal" title={t("onboarding.goalTitle")} lead={t("onboarding.goalLead")}>
      {told.data ? (
        <GoalForm told={told.data} />
      ) : told.isError ? (
        <Failure
          title={t("onboarding.goalFailed")}
          error={told.error}
          busy={told.isFetching}
          onRetry={() => void told.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
    </Section>
  );
}

function GoalForm({ told }: { told: Onboarding }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [kind, setKind] = useState(told.goal_kind);
  const [words, setWords] = useState(told.goal ?? "");
  const save = useChange(
    () => onboarding.update({ goal_kind: kind, goal: words.trim() || null }),
    (saved) => queries.setQueryData(onboardingQuery.queryKey, saved),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-6" data-testid="goal-form">
      <GoalFields
        kind={kind}
        words={words}
        onKind={(chosen) => {
          save.reset();
          setKind(chosen);
        }}
        onWords={(written) => {
          save.reset();
          setWords(written);
        }}
      />
      <Refusal error={save.error} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={save.isPending}>
          {t(save.isPending ? "account.saving" : "onboarding.goalKeep")}
        </Button>
        <Done>{save.isSuccess && t("account.saved")}</Done>
      </div>
    </form>
  );
}
