import { Link } from "@tanstack/react-router";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";

const SECTIONS = [
  { name: "made", lines: ["fluency", "pronunciation", "grammar", "vocabulary", "coherence", "level"] },
  { name: "measured", lines: ["one", "two", "three"] },
  { name: "fails", lines: ["children", "noise", "languages", "short", "synthetic"] },
  { name: "not", lines: ["official", "decide", "feelings"] },
  { name: "person", lines: ["ask", "stands", "sound"] },
] as const;

/** How scores are made, where they fail and what they are not for: the model card in plain words. */
export function ScoresHelpPage() {
  const { t } = useTranslation();
  useTitle(t("results.card.title"));
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-8 px-4 py-8 sm:py-12">
      <Link to="/help" className={BACK_LINK}>
        <BackWords>{t("app.help")}</BackWords>
      </Link>
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold sm:text-4xl">{t("results.card.title")}</h1>
        <p className="text-lg text-quiet">{t("results.card.lead")}</p>
      </header>
      {SECTIONS.map((section) => (
        <section key={section.name} id={section.name} className="grid scroll-mt-6 gap-3">
          <h2 className="text-2xl font-semibold">{t(`results.card.${section.name}.title`)}</h2>
          <ul className="grid gap-2.5">
            {section.lines.map((line) => (
              <li key={line} className="max-w-prose border-s-4 border-coach-soft ps-4">
                {t(`results.card.${section.name}.${line}` as Parameters<typeof t>[0])}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
