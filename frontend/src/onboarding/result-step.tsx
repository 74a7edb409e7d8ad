import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { AuthCard } from "@/auth/auth-card";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { LevelCards } from "./level-cards";
import { type Level, levelQuery, onboarding, type Placement, type Reason } from "./onboarding-api";
import type { Finish } from "./use-finish";

interface ResultStepProps {
  placement: Placement;
  onAgain: () => void;
  finish: Finish;
}

/** The level that was found and why; another one is a tap away. */
export function ResultStep({ placement, onAgain, finish }: ResultStepProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const found = placement.level ?? undefined;
  const [level, setLevel] = useState<Level | undefined>(found);
  const change = useChange(
    (chosen: Level) => onboarding.chooseLevel(chosen),
    (kept) => queries.setQueryData(levelQuery.queryKey, kept),
  );
  const choose = (chosen: Level) => {
    setLevel(chosen);
    change.mutate(chosen);
  };
  return (
    <AuthCard
      title={found ? t("onboarding.resultTitle", { level: level ?? found }) : t("onboarding.refusedTitle")}
      lead={t(found ? "onboarding.resultLead" : "onboarding.refusedLead")}
    >
      {placement.reasons.length > 0 && (
        <section className="grid gap-3" aria-labelledby="reasons" data-testid="reasons">
          <h2 id="reasons" className="text-xl font-bold">
            {t("onboarding.reasons")}
          </h2>
          <ul className="grid gap-3">
            {placement.reasons.map((reason) => (
              <ReasonLine key={reason.measure} reason={reason} />
            ))}
          </ul>
        </section>
      )}
      <LevelCards label={t("onboarding.change")} value={level} onChange={choose} />
      <Refusal error={change.error ?? finish.error} />
      <div className="grid gap-2">
        <Button
          className="min-h-12"
          busy={finish.isPending || change.isPending}
          onClick={() => finish.mutate()}
          data-testid="begin-finish"
        >
          {t("onboarding.start")}
        </Button>
        <Button look="quiet" onClick={onAgain}>
          {t("onboarding.again")}
        </Button>
      </div>
    </AuthCard>
  );
}

function ReasonLine({ reason }: { reason: Reason }) {
  const { t } = useTranslation();
  return (
    <li className="grid gap-1.5 rounded-card border border-line bg-surface p-4">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <Measured reason={reason} />
        <span className="text-sm text-quiet">{t("onboarding.pointsAt", { level: reason.level })}</span>
      </p>
      {reason.quote && (
        <blockquote lang="en" translate="no" className="border-s-4 border-learner-vivid ps-3 text-quiet">
          {reason.quote}
        </blockquote>
      )}
    </li>
  );
}

function Measured({ reason }: { reason: Reason }) {
  const { t } = useTranslation();
  const { measure, found } = reason;
  if (measure === "structures") {
    const names = found.map((key) => t(`onboarding.structure_${key}` as "onboarding.structure_past"));
    return (
      <span>
        {names.length > 0
          ? `${t("onboarding.structures")} ${names.join(", ")}`
          : t("onboarding.structuresNone")}
      </span>
    );
  }
  if (measure === "vocabulary") {
    if (found.length === 0) return <span>{t("onboarding.vocabularyNone")}</span>;
    return (
      <span>
        {t("onboarding.vocabulary")}{" "}
        <span lang="en" translate="no">
          {found.join(", ")}
        </span>
      </span>
    );
  }
  return <span>{t(`onboarding.${measure}`, { count: Math.round(reason.value) })}</span>;
}
