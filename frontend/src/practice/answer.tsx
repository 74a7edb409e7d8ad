import clsx from "clsx";
import { useTranslation } from "@/i18n";
import { HearButton } from "./hear-button";
import type { ReviewItem, Said } from "./practice-api";

/** The answer, with what the learner said beside it. */
export function Answer({ item, said, sound }: { item: ReviewItem; said: Said | null; sound: string | null }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4" data-testid="answer">
      {said && <Heard said={said} sound={sound} />}
      <div className="grid gap-1 rounded-card bg-coach-soft p-4">
        <p className="text-sm font-semibold text-quiet">{t("practice.answer")}</p>
        <p lang="en" translate="no" className="font-display text-2xl font-semibold break-words">
          {said ? <Words words={said.words} /> : item.answer}
        </p>
        {item.note && (
          <p lang="en" translate="no" className="text-quiet">
            {item.note}
          </p>
        )}
        <div className="mt-2 flex flex-wrap gap-2">
          <HearButton text={item.answer} />
        </div>
      </div>
    </div>
  );
}

function Heard({ said, sound }: { said: Said; sound: string | null }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-2" role="status">
      <p className="font-semibold" data-testid="verdict" data-verdict={said.verdict}>
        {t(`practice.verdict_${said.verdict}`)}
      </p>
      <p className="text-quiet">
        {said.heard ? (
          <>
            {t("practice.heard")}{" "}
            <q lang="en" translate="no" className="text-ink">
              {said.heard}
            </q>
          </>
        ) : (
          t("practice.heardNothing")
        )}
      </p>
      {sound && (
        // biome-ignore lint/a11y/useMediaCaption: the learner's own words, said a moment ago
        <audio controls src={sound} aria-label={t("practice.yourself")} className="w-full max-w-md" />
      )}
    </div>
  );
}

/** Words that were missed are underlined, and said to be so to whoever cannot see it. */
function Words({ words }: { words: Said["words"] }) {
  const { t } = useTranslation();
  return words.map((word, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of one answer never move
    <span key={place}>
      {place > 0 && " "}
      <span
        className={clsx(!word.said && "underline decoration-learner-vivid decoration-3 underline-offset-4")}
      >
        {word.text}
        {!word.said && <span className="sr-only"> ({t("practice.missed")})</span>}
      </span>
    </span>
  ));
}
