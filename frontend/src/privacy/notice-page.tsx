import { Link } from "@tanstack/react-router";
import { buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";

const SECTIONS = [
  { name: "kept", lines: ["one", "two", "three"] },
  { name: "voice", lines: ["one", "two", "three"] },
  { name: "seen", lines: ["one", "two", "three", "four"] },
  { name: "others", lines: ["one", "two", "three"] },
  { name: "device", lines: ["one", "two"] },
  { name: "long", lines: ["one", "two", "three"] },
  { name: "rights", lines: ["one", "two", "three", "four"] },
  { name: "stays", lines: ["one", "two", "three"] },
  { name: "young", lines: ["one"] },
  { name: "ai", lines: ["one"] },
] as const;

/** For everybody, signed in or not: what happens to what is said, in plain words. */
export function NoticePage() {
  const { t } = useTranslation();
  useTitle(t("privacy.notice.title"));
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-10 px-4 py-8 sm:py-12 lg:grid-cols-[16rem_1fr]">
      <div className="grid content-start gap-6">
        <div className="grid gap-1">
          <h1 className="text-3xl font-bold sm:text-4xl">{t("privacy.notice.title")}</h1>
          <p className="text-lg text-quiet">{t("privacy.notice.lead")}</p>
        </div>
        <nav aria-label={t("privacy.notice.contents")} className="max-lg:hidden">
          <ul className="grid">
            {SECTIONS.map(({ name }) => (
              <li key={name}>
                <a
                  href={`#${name}`}
                  className="flex min-h-10 items-center font-semibold text-primary hover:underline"
                >
                  {t(`privacy.notice.${name}.title`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <Link to="/account/privacy" className={buttonClass("secondary", "justify-self-start")}>
          {t("privacy.notice.account")}
        </Link>
      </div>
      <div className="grid gap-8" data-testid="notice">
        {SECTIONS.map((section) => (
          <section key={section.name} id={section.name} className="grid scroll-mt-6 gap-3">
            <h2 className="text-2xl font-semibold">{t(`privacy.notice.${section.name}.title`)}</h2>
            <ul className="grid gap-2.5">
              {section.lines.map((line) => (
                <li key={line} className="max-w-prose border-s-4 border-coach-soft ps-4">
                  {t(`privacy.notice.${section.name}.${line}` as Parameters<typeof t>[0])}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}
