import { ChevronDown, Plus } from "lucide-react";
import { Section } from "@/account/section";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { LEVELS } from "@/lib/levels";
import { Choice, Spot, useEditor, Words } from "./editor";
import type { Place } from "./lesson";
import { PartTools } from "./part-tools";

const MOST_PHRASES = 12;
const MOST_WORDS = 24;
const WORD_ROW = "grid gap-3 rounded-2xl border border-line p-3 sm:grid-cols-[1fr_2fr_6rem_auto]";
const PHRASES: Place = ["phrases"];
const WORDS: Place = ["vocabulary"];

/** The phrases and words that the lesson teaches. */
export function LanguageSection() {
  const { t } = useTranslation();
  return (
    <Section id="language" title={t("authoring.language")} lead={t("authoring.languageLead")}>
      <Phrases />
      <Vocabulary />
    </Section>
  );
}

function Phrases() {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  const phrases = content.phrases ?? [];
  return (
    <div className="grid gap-3">
      <h3 className="text-lg font-semibold">{t("authoring.phrases")}</h3>
      <ul className="grid gap-3">
        {phrases.map((phrase, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a phrase is being written; its fields hold no state
          <li key={index} className="grid gap-3 rounded-2xl border border-line p-3 sm:grid-cols-3">
            <Words place={[...PHRASES, index, "text"]} label={t("authoring.phraseText")} />
            <Words place={[...PHRASES, index, "meaning"]} label={t("authoring.meaning")} />
            <Words place={[...PHRASES, index, "example"]} label={t("authoring.example")} />
            <div className="flex justify-end sm:col-span-3">
              <PartTools list={PHRASES} index={index} name={phrase.text || String(index + 1)} />
            </div>
          </li>
        ))}
      </ul>
      {phrases.length < MOST_PHRASES && (
        <Button
          look="secondary"
          className="justify-self-start"
          onClick={() => set(PHRASES, [...phrases, { text: "", meaning: "", example: "" }])}
        >
          <Plus aria-hidden className="size-4" />
          {t("authoring.addPhrase")}
        </Button>
      )}
    </div>
  );
}

function Vocabulary() {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  const words = content.vocabulary ?? [];
  const levels = LEVELS.map((value) => ({ value, label: value, own: true }));
  return (
    <Spot place={WORDS}>
      <details className="group grid gap-3">
        <summary className="flex min-h-11 cursor-pointer items-center justify-between gap-2 text-lg font-semibold">
          {t("authoring.vocabulary", { count: words.length })}
          <ChevronDown aria-hidden className="size-5 group-open:rotate-180" />
        </summary>
        <ul className="mt-2 grid gap-3">
          {words.map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word is being written; its fields hold no state
            <li key={index} className={WORD_ROW}>
              <Words place={[...WORDS, index, "word"]} label={t("authoring.word")} most={64} />
              <Words place={[...WORDS, index, "meaning"]} label={t("authoring.meaning")} />
              <Choice place={[...WORDS, index, "cefr"]} label={t("authoring.level")} options={levels} />
              <div className="flex items-end justify-end">
                <PartTools list={WORDS} index={index} name={word.word || String(index + 1)} />
              </div>
            </li>
          ))}
        </ul>
        {words.length < MOST_WORDS && (
          <Button
            look="secondary"
            className="mt-3"
            onClick={() => set(WORDS, [...words, { word: "", meaning: "", cefr: content.level }])}
          >
            <Plus aria-hidden className="size-4" />
            {t("authoring.addWord")}
          </Button>
        )}
      </details>
    </Spot>
  );
}
