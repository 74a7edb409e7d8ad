import * as Menu from "@radix-ui/react-dropdown-menu";
import { Check, LogOut, Settings2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseLocale, LOCALE_NAMES, LOCALES, type Locale } from "@/i18n";
import { setTheme, THEMES, type Theme, useTheme } from "@/lib/theme";

interface SettingsMenuProps {
  /** Who is signed in; without it the menu has no way out. */
  account?: { name: string; onSignOut: () => void };
  onLocale?: (locale: Locale) => void;
}

const ITEM =
  "flex min-h-10 items-center gap-2 rounded-lg px-3 outline-none select-none data-highlighted:bg-sunken data-highlighted:outline-2 data-highlighted:outline-focus";

/** Language, appearance and the way out, in one place on every page. */
export function SettingsMenu({ account, onLocale }: SettingsMenuProps) {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const choose = (value: string) => {
    const locale = LOCALES.find((known) => known === value);
    if (locale === undefined) return;
    chooseLocale(locale);
    onLocale?.(locale);
  };
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={t("app.menu")}
        className="grid size-11 place-items-center rounded-full hover:bg-sunken data-[state=open]:bg-sunken"
      >
        <Settings2 aria-hidden className="size-5" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 w-64 rounded-2xl border border-line bg-surface p-1.5 text-ink shadow-xl"
        >
          {account && (
            <Menu.Label className="truncate px-3 py-2 text-sm text-quiet">
              {t("app.signedInAs", { name: account.name })}
            </Menu.Label>
          )}
          <Group label={t("app.language")}>
            <Menu.RadioGroup value={i18n.language} onValueChange={choose}>
              {LOCALES.map((locale) => (
                <Choice key={locale} value={locale}>
                  <span lang={locale}>{LOCALE_NAMES[locale]}</span>
                </Choice>
              ))}
            </Menu.RadioGroup>
          </Group>
          <Group label={t("app.theme")}>
            <Menu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
              {THEMES.map((choice) => (
                <Choice key={choice} value={choice}>
                  {t(`app.theme_${choice}`)}
                </Choice>
              ))}
            </Menu.RadioGroup>
          </Group>
          {account && (
            <>
              <Menu.Separator className="my-1.5 h-px bg-line" />
              <Menu.Item className={ITEM} onSelect={account.onSignOut}>
                <LogOut aria-hidden className="size-4 rtl:-scale-x-100" />
                {t("app.signOut")}
              </Menu.Item>
            </>
          )}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu.Group>
      <Menu.Label className="px-3 pt-2 pb-1 text-xs font-semibold text-quiet">{label}</Menu.Label>
      {children}
    </Menu.Group>
  );
}

function Choice({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Menu.RadioItem value={value} className={ITEM} onSelect={(event) => event.preventDefault()}>
      <span className="grid size-4 place-items-center">
        <Menu.ItemIndicator>
          <Check aria-hidden className="size-4 text-primary" />
        </Menu.ItemIndicator>
      </span>
      {children}
    </Menu.RadioItem>
  );
}
