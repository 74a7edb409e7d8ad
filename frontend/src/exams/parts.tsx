import { Clock, Hourglass, Users } from "lucide-react";
import { useTranslation } from "@/i18n";
import { Chip } from "@/lessons/parts";
import type { Dimension, Exam, ExamPart } from "./exams-api";
import { lengthWords } from "./words";

/** What awaits the learner, one part after the other. */
export function Parts({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("exams.awaits")}</h2>
      <ol className="grid gap-3" data-testid="parts">
        {exam.parts.map((part, place) => (
          <li key={part.key} className="flex gap-3 rounded-card border border-line bg-surface p-4">
            <span
              aria-hidden
              className="grid size-8 shrink-0 place-items-center rounded-full bg-coach-soft font-display font-bold text-coach"
            >
              {place + 1}
            </span>
            <Part part={part} />
          </li>
        ))}
      </ol>
      <p className="text-quiet">{t("exams.clockRuns")}</p>
    </section>
  );
}

function Part({ part }: { part: ExamPart }) {
  const { t } = useTranslation();
  return (
    <div className="grid min-w-0 grow gap-1.5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <h3 className="font-display text-lg leading-tight font-semibold" lang="en" translate="no">
          {part.title}
        </h3>
        <Chip tone={part.scored ? "coach" : "plain"}>{t(part.scored ? "exams.scored" : "exams.warmUp")}</Chip>
      </div>
      <p>{t(`exams.kind_${part.kind}`)}</p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-sm text-quiet">
        {part.preparation_s > 0 && (
          <span className="flex items-center gap-1.5">
            <Hourglass aria-hidden className="size-4" />
            {t("exams.prepare", { time: lengthWords(t, part.preparation_s) })}
          </span>
        )}
        <span className="flex items-center gap-1.5">
          <Clock aria-hidden className="size-4" />
          {t("exams.speak", { time: lengthWords(t, part.speaking_s) })}
        </span>
        {part.kind === "pair" && (
          <span className="flex items-center gap-1.5">
            <Users aria-hidden className="size-4" />
            {t("exams.withPartner")}
          </span>
        )}
      </p>
    </div>
  );
}

const DIMENSIONS: readonly Dimension[] = ["fluency", "pronunciation", "grammar", "vocabulary", "coherence"];

/** What is judged, and what each of it means. */
export function Judged({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const judged = DIMENSIONS.filter((one) => exam.parts.some((part) => part.dimensions.includes(one)));
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("exams.judged")}</h2>
      <dl className="grid gap-3 rounded-card border border-line bg-surface p-4 sm:grid-cols-2">
        {judged.map((one) => (
          <div key={one}>
            <dt className="font-semibold">{t(`exams.dimension_${one}`)}</dt>
            <dd className="text-quiet">{t(`exams.dimension_${one}_means`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
