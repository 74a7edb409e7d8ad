import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "@/components/failure";
import { Segmented } from "@/components/segmented";
import { Skeleton } from "@/components/states";
import { type MessageKey, useTranslation } from "@/i18n";
import { LevelPlot } from "./level-plot";
import { LinePlot } from "./line-plot";
import { type Language, languageQuery } from "./progress-api";

/** Words by level, slips by kind, and how fluently the learner speaks. */
export function LanguageSection() {
  const { t } = useTranslation();
  const language = useQuery(languageQuery);
  if (language.data === undefined) {
    if (!language.isError) return <Skeleton rows={2} />;
    return (
      <Failure
        title={t("progress.languageFailed")}
        error={language.error}
        busy={language.isFetching}
        onRetry={() => void language.refetch()}
      />
    );
  }
  return (
    <>
      <Vocabulary vocabulary={language.data.vocabulary} />
      <Slips weeks={language.data.slips} />
      <Fluency weeks={language.data.fluency} />
    </>
  );
}

const SECTION = "grid gap-5 rounded-card border border-line bg-surface p-4 sm:p-6";

function Vocabulary({ vocabulary }: { vocabulary: Language["vocabulary"] }) {
  const { t } = useTranslation();
  return (
    <section className={SECTION} data-testid="vocabulary">
      <div className="grid gap-1">
        <h2 className="text-xl font-semibold">{t("progress.words", { count: vocabulary.words })}</h2>
        <p className="text-quiet">{t("progress.wordsLead")}</p>
      </div>
      <LevelPlot vocabulary={vocabulary} />
      <p className="text-sm text-quiet">
        {t("progress.wordsSource")} {t("progress.wordsBeyond", { count: vocabulary.beyond })}
      </p>
    </section>
  );
}

const CATEGORIES = {
  grammar: "progress.slips_grammar",
  word_choice: "progress.slips_word_choice",
  register: "progress.slips_register",
} as const satisfies Record<string, MessageKey>;

function Slips({ weeks }: { weeks: Language["slips"] }) {
  const { t } = useTranslation();
  const known = weeks.some((week) => week.rates !== null);
  return (
    <section className={SECTION} data-testid="slips">
      <div className="grid gap-1">
        <h2 className="text-xl font-semibold">{t("progress.slips")}</h2>
        <p className="text-quiet">{t("progress.slipsLead")}</p>
      </div>
      {known ? (
        <LinePlot
          caption={t("progress.slipsByWeek")}
          lines={Object.entries(CATEGORIES).map(([category, name]) => ({
            name: t(name),
            values: weeks.map((week) => week.rates?.[category as keyof typeof CATEGORIES] ?? null),
          }))}
          weeks={weeks.map((week) => week.week)}
        />
      ) : (
        <p className="text-quiet">{t("progress.slipsNone")}</p>
      )}
    </section>
  );
}

const FLUENCY = ["pauses_per_minute", "words_per_run", "mean_pause_s"] as const;
type FluencyMeasure = (typeof FLUENCY)[number];

function Fluency({ weeks }: { weeks: Language["fluency"] }) {
  const { t } = useTranslation();
  const [measure, setMeasure] = useState<FluencyMeasure>("words_per_run");
  const known = weeks.some((week) => week[measure] !== null);
  return (
    <section className={SECTION} data-testid="fluency">
      <h2 className="text-xl font-semibold">{t("progress.fluency")}</h2>
      <Segmented
        label={t("progress.show")}
        value={measure}
        options={FLUENCY.map((one) => ({ value: one, label: t(`progress.${one}`) }))}
        onChange={setMeasure}
      />
      {known ? (
        <LinePlot
          caption={t("progress.byWeek", { measure: t(`progress.${measure}`) })}
          lines={[{ name: t(`progress.${measure}`), values: weeks.map((week) => week[measure]) }]}
          weeks={weeks.map((week) => week.week)}
        />
      ) : (
        <p className="text-quiet">{t("progress.tooLittle")}</p>
      )}
      <p className="text-sm text-quiet">{t(`progress.meaning_${measure}`)}</p>
    </section>
  );
}
