import { useQuery } from "@tanstack/react-query";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { AREAS, objectivesQuery } from "@/lessons/lessons-api";
import { LEVELS } from "@/lib/levels";
import { Choice, Figure, PartProblem, Spot, useEditor, Words } from "./editor";
import { KINDS, TASKS } from "./lesson";
import { Tick } from "./tick";
import { WordList } from "./word-list";

const MOST_OBJECTIVES = 6;

/** What the lesson is: its name, level, task and what it is good for. */
export function BasicsSection() {
  const { t } = useTranslation();
  const levels = LEVELS.map((value) => ({ value, label: value, own: true }));
  const tasks = TASKS.map((value) => ({ value, label: t(`authoring.task_${value}`) }));
  const areas = AREAS.map((value) => ({ value, label: t(`authoring.area_${value}`) }));
  const kinds = KINDS.map((value) => ({ value, label: t(`authoring.kind_${value}`) }));
  return (
    <Section id="basics" title={t("authoring.basics")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Words place={["title"]} label={t("authoring.title")} />
        <Words place={["topic"]} label={t("authoring.topic")} />
        <Choice place={["level"]} label={t("authoring.level")} options={levels} />
        <Choice place={["task"]} label={t("authoring.task")} options={tasks} />
        <Choice place={["area"]} label={t("authoring.area")} options={areas} />
        <Choice place={["kind"]} label={t("authoring.kind")} options={kinds} />
        <Figure place={["minutes"]} label={t("authoring.minutes")} least={2} most={45} />
        <WordList
          place={["exam_tags"]}
          label={t("authoring.examTags")}
          hint={t("authoring.examTagsHint")}
          comma
        />
      </div>
      <Words place={["goal"]} label={t("authoring.goal")} hint={t("authoring.goalHint")} />
      <Words place={["reflection"]} label={t("authoring.reflection")} hint={t("authoring.reflectionHint")} />
      <Objectives />
    </Section>
  );
}

/** The can-do statements of the lesson's level, to be ticked. */
function Objectives() {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  const objectives = useQuery(objectivesQuery);
  const chosen = content.objectives;
  const offered = (objectives.data ?? []).filter(
    (one) => one.level === content.level || chosen.includes(one.key),
  );
  const toggle = (key: string) =>
    set(["objectives"], chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  return (
    <Spot place={["objectives"]}>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-semibold">{t("authoring.objectives")}</legend>
        <PartProblem place={["objectives"]} />
        {objectives.isPending && <Skeleton rows={1} />}
        {objectives.isError && (
          <Failure
            title={t("authoring.objectivesFailed")}
            error={objectives.error}
            busy={objectives.isFetching}
            onRetry={() => void objectives.refetch()}
          />
        )}
        {offered.map((one) => (
          <Tick
            key={one.key}
            checked={chosen.includes(one.key)}
            disabled={!chosen.includes(one.key) && chosen.length >= MOST_OBJECTIVES}
            onChange={() => toggle(one.key)}
          >
            <span translate="no">{one.can_do}</span>{" "}
            <span className="text-sm text-quiet">
              <span translate="no">{one.level}</span> · {t(`authoring.skill_${one.skill}`)}
            </span>
          </Tick>
        ))}
      </fieldset>
    </Spot>
  );
}
