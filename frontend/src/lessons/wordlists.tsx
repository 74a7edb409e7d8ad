import { Volume2 } from "lucide-react";
import { useTranslation } from "@/i18n";
import { useSpeech } from "@/lib/speech";
import type { LessonDetail } from "./lessons-api";

/** Phrases to learn, each with its sound. */
export function Phrases({ phrases }: { phrases: LessonDetail["phrases"] }) {
  const { t } = useTranslation();
  if (phrases.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("lessons.phrases")}</h2>
      <ul className="grid gap-2" lang="en">
        {phrases.map((phrase) => (
          <li
            key={phrase.text}
            className="flex items-start gap-2 rounded-card border border-line bg-surface p-3 ps-4"
          >
            <div className="grid min-w-0 grow gap-0.5" translate="no">
              <p className="font-semibold">{phrase.text}</p>
              <p className="text-sm text-quiet">{phrase.meaning}</p>
              {phrase.example !== phrase.text && (
                <p className="text-sm text-quiet italic">{phrase.example}</p>
              )}
            </div>
            <Listen text={phrase.text} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Words to learn, with their meaning. */
export function Vocabulary({ items }: { items: LessonDetail["vocabulary"] }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("lessons.vocabulary")}</h2>
      <dl
        className="grid gap-x-6 gap-y-2 rounded-card border border-line bg-surface p-4 sm:grid-cols-2"
        lang="en"
        translate="no"
      >
        {items.map((item) => (
          <div key={item.word} className="grid content-start">
            <dt className="font-semibold">{item.word}</dt>
            <dd className="text-sm text-quiet">{item.meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Says a phrase; where that cannot be had, the button says so. */
function Listen({ text }: { text: string }) {
  const { t, i18n } = useTranslation();
  const say = useSpeech(text);
  const label = say.isError ? t("lessons.silent") : t("lessons.listen", { phrase: text });
  return (
    <button
      type="button"
      lang={i18n.language}
      aria-label={label}
      title={label}
      aria-busy={say.isPending || undefined}
      onClick={() => !say.isPending && say.mutate()}
      className="grid size-11 shrink-0 place-items-center rounded-full text-primary hover:bg-sunken aria-busy:animate-pulse"
    >
      <Volume2 aria-hidden className={say.isError ? "size-5 opacity-40" : "size-5"} />
    </button>
  );
}
