import { Section } from "@/account/section";
import { useTranslation } from "@/i18n";
import type { Assessment } from "./results-api";
import { SayButton } from "./say-button";
import { soundOf } from "./words";

const WORDS_SHOWN = 4;

/** The sounds most worth working on, with words of the learner's own to hear them in. */
export function Sounds({ phones }: Pick<Assessment, "phones">) {
  const { t } = useTranslation();
  if (phones.length === 0) return null;
  return (
    <Section id="sounds" title={t("results.sounds")} lead={t("results.soundsLead")}>
      <ul className="grid gap-4 sm:grid-cols-2" data-testid="sounds">
        {phones.map((one) => (
          <Sound key={one.phone} sound={one} />
        ))}
      </ul>
    </Section>
  );
}

function Sound({ sound: { phone, count, score, words } }: { sound: Assessment["phones"][number] }) {
  const { t, i18n } = useTranslation();
  const known = soundOf(phone);
  const heard = words.slice(0, WORDS_SHOWN);
  const share = new Intl.NumberFormat(i18n.language, { style: "percent" }).format(score);
  return (
    <li className="grid content-start gap-2 rounded-xl border border-line p-3">
      <div className="flex items-center gap-3">
        <span
          translate="no"
          lang="en-fonipa"
          className="grid h-12 min-w-12 shrink-0 place-items-center rounded-xl bg-learner-soft px-2 font-display text-xl font-bold text-learner"
        >
          {known ? known[0] : phone}
        </span>
        <div className="grid min-w-0">
          {known && <span className="font-semibold">{t("results.asIn", { word: known[1] })}</span>}
          <span className="text-sm text-quiet">{t("results.soundScore", { count, share })}</span>
        </div>
      </div>
      {heard.length > 0 && (
        <>
          <p className="text-sm">
            {t("results.yourWords")}{" "}
            <span lang="en" translate="no" className="font-semibold break-words">
              {heard.join(", ")}
            </span>
          </p>
          <div>
            <SayButton
              text={`${heard.join(". ")}.`}
              about={t("results.hearWords", { words: heard.join(", ") })}
            />
          </div>
        </>
      )}
    </li>
  );
}
