import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { Segmented } from "@/components/segmented";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { LEVELS } from "@/lib/levels";
import { meQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { type Objective, objectivesQuery, SKILLS } from "./lessons-api";
import { MasteryBar } from "./parts";

/** What can be learned at each level, and how much of it the learner has shown. */
export function ObjectivesPage() {
  const { t } = useTranslation();
  const objectives = useQuery(objectivesQuery);
  useTitle(t("lessons.objectives"));
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-8">
      <Link to="/lessons" className={BACK_LINK}>
        <BackWords>{t("lessons.back")}</BackWords>
      </Link>
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("lessons.objectives")}</h1>
        <p className="text-lg text-quiet">{t("lessons.objectivesLead")}</p>
      </header>
      {objectives.data ? (
        <Levels objectives={objectives.data} />
      ) : objectives.isError ? (
        <Failure
          title={t("lessons.objectivesFailed")}
          error={objectives.error}
          busy={objectives.isFetching}
          onRetry={() => void objectives.refetch()}
        />
      ) : (
        <Skeleton rows={4} />
      )}
    </div>
  );
}

function Levels({ objectives }: { objectives: Objective[] }) {
  const { t } = useTranslation();
  const own = useQuery(meQuery).data?.level;
  const [chosen, setChosen] = useState<(typeof LEVELS)[number] | null>(null);
  const level = chosen ?? LEVELS.find((one) => one === own) ?? "A2";
  const here = objectives.filter((one) => one.level === level);
  const skills = SKILLS.filter((skill) => here.some((one) => one.skill === skill));
  return (
    <>
      <Segmented
        label={t("lessons.level")}
        value={level}
        options={LEVELS.map((one) => ({ value: one, label: t(`lessons.level_${one}`) }))}
        onChange={setChosen}
      />
      {skills.map((skill) => (
        <section key={skill} className="grid gap-3">
          <h2 className="text-xl font-semibold first-letter:uppercase">{t(`lessons.skill_${skill}`)}</h2>
          <ul className="grid gap-3" data-testid="objectives">
            {here
              .filter((one) => one.skill === skill)
              .map((objective) => (
                <li key={objective.key} className="grid gap-2 rounded-card border border-line bg-surface p-4">
                  <p lang="en" translate="no">
                    {objective.can_do}
                  </p>
                  <MasteryBar objective={objective} />
                </li>
              ))}
          </ul>
        </section>
      ))}
      <p className="text-sm text-quiet">{t("lessons.masteryMeaning")}</p>
    </>
  );
}
