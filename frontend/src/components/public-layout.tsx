import { Link, Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import { buttonClass } from "./button";
import { Mark } from "./logo";
import { SettingsMenu } from "./settings-menu";
import { SkipLink } from "./skip-link";

/** The frame of pages that need no account. */
export function PublicLayout({ children = <Outlet /> }: { children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="grid min-h-full grid-rows-[auto_1fr_auto]">
      <SkipLink />
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex h-16 max-w-6xl items-center gap-1 px-3 sm:gap-2 sm:px-4">
          <Link
            to="/welcome"
            className="me-auto flex min-h-11 items-center gap-2 rounded-lg"
            aria-label={t("app.name")}
          >
            <Mark className="size-9" />
            <span className="font-display text-xl font-bold tracking-tight">{t("app.name")}</span>
          </Link>
          <nav aria-label={t("app.navigation")} className="flex gap-1">
            <Link to="/help" className={buttonClass("quiet", "max-sm:hidden")}>
              {t("app.help")}
            </Link>
            <Link to="/sign-in" className={buttonClass("quiet", "max-sm:px-3!")}>
              {t("app.signIn")}
            </Link>
          </nav>
          <SettingsMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="outline-none">
        {children}
      </main>
      <footer className="border-t border-line">
        <nav
          aria-label={t("app.footer")}
          className="mx-auto flex max-w-6xl flex-wrap gap-x-6 px-4 py-4 text-sm text-quiet"
        >
          <Link to="/help" className="flex min-h-11 items-center hover:underline">
            {t("app.help")}
          </Link>
          <Link to="/privacy" className="flex min-h-11 items-center hover:underline">
            {t("app.privacy")}
          </Link>
          <Link to="/device" className="flex min-h-11 items-center hover:underline">
            {t("app.device")}
          </Link>
          <Link to="/sign-up" className="flex min-h-11 items-center hover:underline">
            {t("app.signUp")}
          </Link>
        </nav>
      </footer>
    </div>
  );
}
