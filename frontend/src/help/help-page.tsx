import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";

const SECTIONS = [
  { name: "start", lines: ["one", "two", "three"] },
  { name: "microphone", lines: ["one", "two", "three"] },
  { name: "sound", lines: ["one", "two", "three"] },
  { name: "connection", lines: ["one", "two", "three"] },
  { name: "pace", lines: ["one", "two"] },
  { name: "keyboard", lines: ["one", "two", "three"] },
  { name: "ai", lines: ["one", "two", "three"] },
] as const;

/** What to do when something does not go as it should. */
export function HelpPage() {
  const { t } = useTranslation();
  useTitle(t("help.title"));
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-10 px-4 py-8 sm:py-12 lg:grid-cols-[16rem_1fr]">
      <div className="grid content-start gap-6">
        <div className="grid gap-1">
          <h1 className="text-3xl font-bold sm:text-4xl">{t("help.title")}</h1>
          <p className="text-lg text-quiet">{t("help.lead")}</p>
        </div>
        <nav aria-label={t("help.contents")} className="max-lg:hidden">
          <ul className="grid">
            {SECTIONS.map(({ name }) => (
              <li key={name}>
                <a
                  href={`#${name}`}
                  className="flex min-h-10 items-center font-semibold text-primary hover:underline"
                >
                  {t(`help.${name}.title`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex flex-wrap gap-2">
          <Link to="/device" className={buttonClass("secondary")}>
            {t("app.device")}
          </Link>
          <Link to="/privacy" className={buttonClass("secondary")}>
            {t("app.privacy")}
          </Link>
        </div>
      </div>
      <div className="grid gap-8">
        {SECTIONS.map((section) => (
          <section key={section.name} id={section.name} className="grid scroll-mt-6 gap-3">
            <h2 className="text-2xl font-semibold">{t(`help.${section.name}.title`)}</h2>
            <ul className="grid gap-2.5">
              {section.lines.map((line) => (
                <li key={line} className="max-w-prose border-s-4 border-coach-soft ps-4">
                  {t(`help.${section.name}.${line}` as Parameters<typeof t>[0])}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}
