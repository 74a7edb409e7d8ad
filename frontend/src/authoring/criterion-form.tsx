import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import type { Criterion } from "./authoring-api";
import { Figure, PartProblem, Spot, useEditor, Words } from "./editor";
import { CRITERIA, type Place } from "./lesson";
import { PartTools } from "./part-tools";
import { WordList } from "./word-list";

interface CriterionFormProps {
  list: Place;
  index: number;
  criterion: Criterion;
}

/** Something that the learner shows by speaking, as a sentence that is filled in. */
export function CriterionForm({ list, index, criterion }: CriterionFormProps) {
  const { t } = useTranslation();
  const { set } = useEditor();
  const place = [...list, index];
  const name = criterion.says || t("authoring.criterionNumber", { number: index + 1 });
  const choices = CRITERIA.map((kind) => ({ value: kind, label: t(`authoring.criterion_${kind}`) }));
  return (
    <li className="grid gap-3 rounded-2xl border border-line p-3 sm:p-4" data-testid="criterion">
      <div className="flex items-start justify-between gap-2">
        <h5 className="pt-2 font-semibold">{t("authoring.criterionNumber", { number: index + 1 })}</h5>
        <PartTools list={list} index={index} name={name} />
      </div>
      <Words
        place={[...place, "says"]}
        label={t("authoring.criterionSays")}
        hint={t("authoring.criterionSaysHint")}
      />
      <Spot place={place}>
        <Select
          label={t("authoring.criterionKind")}
          value={criterion.kind}
          options={choices}
          onChange={({ target }) => set(place, asKind(criterion, target.value as Criterion["kind"]))}
        />
        <PartProblem place={place} />
      </Spot>
      <Looked place={place} criterion={criterion} />
    </li>
  );
}

function Looked({ place, criterion }: { place: Place; criterion: Criterion }) {
  const { t } = useTranslation();
  const amount = [...place, "at_least"];
  switch (criterion.kind) {
    case "phrase":
      return (
        <WordList
          place={[...place, "phrases"]}
          label={t("authoring.onePhrase")}
          hint={t("authoring.onePhraseHint")}
          example={t("authoring.phrasesExample")}
        />
      );
    case "words":
      return (
        <>
          <Figure place={amount} label={t("authoring.howManyWords")} least={1} most={60} />
          <WordList
            place={[...place, "words"]}
            label={t("authoring.theseWords")}
            hint={t("authoring.theseWordsHint")}
            example={t("authoring.wordsExample")}
            comma
          />
        </>
      );
    case "pattern":
      return (
        <>
          <Words
            place={[...place, "pattern"]}
            label={t("authoring.pattern")}
            hint={t("authoring.patternHint")}
            most={600}
          />
          <Figure place={amount} label={t("authoring.howOften")} least={1} most={200} />
        </>
      );
    case "length":
      return <Figure place={amount} label={t("authoring.howLong")} least={1} most={200} />;
    case "turns":
      return <Figure place={amount} label={t("authoring.howManyTurns")} least={1} most={50} />;
    default:
      return <Figure place={amount} label={t("authoring.howManyQuestions")} least={1} most={50} />;
  }
}

/** The same criterion of another kind; what was written for the old kind is not lost while it is written. */
function asKind(criterion: Criterion, kind: Criterion["kind"]): Criterion {
  const usual = kind === "length" ? 8 : kind === "turns" || kind === "words" ? 2 : 1;
  return {
    ...criterion,
    kind,
    at_least: usual,
    ...(kind === "pattern" && { pattern: criterion.pattern ?? "" }),
  };
}
