import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Mic, PenLine } from "lucide-react";
import { useState } from "react";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { AuthCard } from "@/auth/auth-card";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { keepPlacement } from "./kept-placement";
import { LevelCards } from "./level-cards";
import { type Level, onboarding, type Placement, placementQuery } from "./onboarding-api";
import type { Finish } from "./use-finish";

interface LevelStepProps {
  onPlacement: (placement: Placement) => void;
  finish: Finish;
}

/** Three ways to a level: knowing it, writing, or talking. */
export function LevelStep({ onPlacement, finish }: LevelStepProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [level, setLevel] = useState<Level>();
  const choose = useChange(
    (chosen: Level) => onboarding.chooseLevel(chosen),
    () => finish.mutate(),
  );
  const begin = useChange(onboarding.begin, async (made) => {
    if (made.kind === "typed") return onPlacement(made);
    queries.setQueryData(placementQuery(made.id).queryKey, made);
    keepPlacement(made.id);
    await navigate({ to: "/begin", search: { placement: made.id } });
  });
  const waiting = finish.isPending || choose.isPending || begin.isPending;
  return (
    <AuthCard title={t("onboarding.levelTitle")} lead={t("onboarding.levelLead")}>
      <section className="grid gap-3" aria-labelledby="find-level" data-testid="begin-level">
        <div>
          <h2 id="find-level" className="text-xl font-bold">
            {t("onboarding.find")}
          </h2>
          <p className="text-quiet">{t("onboarding.findLead")}</p>
        </div>
        <div className="grid gap-2 sm:grid-cols-2">
          <Button
            look="secondary"
            busy={begin.isPending && begin.variables === "spoken"}
            onClick={() => !waiting && begin.mutate("spoken")}
          >
            <Mic aria-hidden className="size-5" />
            {t("onboarding.speak")}
          </Button>
          <Button
            look="secondary"
            busy={begin.isPending && begin.variables === "typed"}
            onClick={() => !waiting && begin.mutate("typed")}
            data-testid="place-typed"
          >
            <PenLine aria-hidden className="size-5" />
            {t("onboarding.write")}
          </Button>
        </div>
      </section>
      <LevelCards label={t("onboarding.know")} value={level} onChange={setLevel} />
      <Refusal error={choose.error ?? begin.error ?? finish.error} />
      <div className="grid gap-2">
        <Button
          className="min-h-12"
          busy={choose.isPending}
          disabled={level === undefined}
          onClick={() => level && !waiting && choose.mutate(level)}
        >
          {t("onboarding.goOn")}
        </Button>
        <Button look="quiet" busy={finish.isPending} onClick={() => finish.mutate()} data-testid="begin-skip">
          {t("onboarding.skip")}
        </Button>
      </div>
    </AuthCard>
  );
}
