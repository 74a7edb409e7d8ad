import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { RadioCards } from "@/account/choices";
import { LanguagePicker } from "@/account/language-picker";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { AuthCard } from "@/auth/auth-card";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { focusHeading } from "@/lib/focus";
import { GoalFields } from "./goal-fields";
import { LevelStep } from "./level-step";
import {
  type Onboarding,
  onboarding,
  onboardingQuery,
  type Placement,
  placementQuery,
} from "./onboarding-api";
import { ResultStep } from "./result-step";
import { TasksStep } from "./tasks-step";
import { type Finish, useFinish } from "./use-finish";

const WEEKLY = ["30", "60", "120"] as const;

/** The first questions after signing up: who you are, and how much English there is already. */
export function BeginPage() {
  const { placement, step } = useSearch({ from: "/data/begin" });
  if (placement) return <Placed id={placement} />;
  return <Questions first={step === "level" ? "level" : "you"} />;
}

/** After a step the next one is read from its heading on, wherever the button stood. */
function useTopAfter(step: string): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    focusHeading();
  }, [step]);
}

function Questions({ first }: { first: "you" | "level" }) {
  const { t } = useTranslation();
  const kept = useQuery(onboardingQuery);
  const finish = useFinish();
  const [step, setStep] = useState<"you" | "level">(first);
  const [placement, setPlacement] = useState<Placement | null>(null);
  const shown = placement ? (placement.tasks.length > 0 ? "tasks" : "result") : step;
  useTopAfter(shown);

  if (placement && shown === "tasks") {
    return <TasksStep placement={placement} onDone={setPlacement} onBack={() => setPlacement(null)} />;
  }
  if (placement) {
    return <ResultStep placement={placement} onAgain={() => setPlacement(null)} finish={finish} />;
  }
  if (step === "level") {
    return <LevelStep onPlacement={setPlacement} finish={finish} />;
  }
  return (
    <AuthCard title={t("onboarding.title")} lead={t("onboarding.lead")}>
      {kept.data ? (
        <AboutYou kept={kept.data} finish={finish} onDone={() => setStep("level")} />
      ) : kept.isError ? (
        <Failure
          title={t("onboarding.failed")}
          error={kept.error}
          busy={kept.isFetching}
          onRetry={() => void kept.refetch()}
        />
      ) : (
        <Skeleton rows={4} />
      )}
    </AuthCard>
  );
}

interface AboutYouProps {
  kept: Onboarding;
  finish: Finish;
  onDone: () => void;
}

function AboutYou({ kept, finish, onDone }: AboutYouProps) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState(kept.native_language);
  const [kind, setKind] = useState(kept.goal_kind);
  const [goal, setGoal] = useState(kept.goal ?? "");
  const [weekly, setWeekly] = useState<(typeof WEEKLY)[number]>();
  const save = useChange(async () => {
    await onboarding.update({ native_language: language, goal_kind: kind, goal: goal.trim() || null });
    if (weekly) await onboarding.weeklyGoal(Number(weekly));
  }, onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-6" data-testid="begin-you">
      <LanguagePicker
        label={t("account.profile.language")}
        hint={t("onboarding.languageHint")}
        value={language}
        onChange={setLanguage}
      />
      <GoalFields kind={kind} words={goal} onKind={setKind} onWords={setGoal} />
      <RadioCards
        label={t("onboarding.often")}
        columns={3}
        value={weekly}
        options={WEEKLY.map((value) => ({ value, label: t(`onboarding.often_${value}`) }))}
        onChange={setWeekly}
      />
      <Refusal error={save.error ?? finish.error} />
      <div className="grid gap-2">
        <Button type="submit" busy={save.isPending} className="min-h-12">
          {t(save.isPending ? "onboarding.saving" : "onboarding.goOn")}
        </Button>
        <Button look="quiet" busy={finish.isPending} onClick={() => finish.mutate()} data-testid="begin-skip">
          {t("onboarding.skip")}
        </Button>
      </div>
    </form>
  );
}

/** A placement by its key: one that is talked through now, or was judged before. */
function Placed({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const found = useQuery(placementQuery(id));
  const finish = useFinish();
  if (found.data && found.data.state !== "running") {
    return (
      <ResultStep
        placement={found.data}
        onAgain={() => void navigate({ to: "/begin", search: { step: "level" } })}
        finish={finish}
      />
    );
  }
  return (
    <AuthCard title={t("onboarding.spokenTitle")} lead={t("onboarding.spokenLead")}>
      {found.isError ? (
        <Failure
          title={t("onboarding.failed")}
          error={found.error}
          busy={found.isFetching}
          onRetry={() => void found.refetch()}
        />
      ) : (
        <p className="text-quiet" role="status">
          {t("onboarding.spokenWaiting")}
        </p>
      )}
      <Refusal error={finish.error} />
      <Button className="min-h-12" onClick={() => finish.mutate()} busy={finish.isPending}>
        {t("onboarding.toTalk")}
      </Button>
    </AuthCard>
  );
}
