import { useTranslation } from "@/i18n";

/** The first thing the Tab key reaches: past the navigation to what the page is about. */
export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#content"
      className="sr-only z-50 rounded-full bg-primary px-4 py-2 text-on-primary focus:not-sr-only focus:absolute focus:start-3 focus:top-3"
    >
      {t("app.skip")}
    </a>
  );
}
