import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { AudioLines, CircleQuestionMark, Settings2 } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { chooseLocale, LOCALE_NAMES, LOCALES, type Locale, useTranslation } from "@/i18n";
import { setTheme, THEMES, useTheme } from "@/lib/theme";

interface SettingsMenuProps {
  /** Who is signed in, their pages (each closes the menu) and the way out. */
  account?: { name: string; pages: (close: () => void) => ReactNode; wayOut: ReactNode };
  onLocale?: (locale: Locale) => void;
}

/** Language, appearance and the way out, in one place on every page: a panel of radio buttons under a button. */
export function SettingsMenu({ account, onLocale }: SettingsMenuProps) {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  useClosing(open, box, () => setOpen(false), button);

  const chooseLanguage = (locale: Locale) => {
    chooseLocale(locale);
    onLocale?.(locale);
  };
  return (
    <div ref={box} className="relative">
      <button
        ref={button}
        type="button"
        aria-label={t("app.menu")}
        aria-expanded={open}
        aria-controls={panelId}
        data-testid="settings"
        onClick={() => setOpen(!open)}
        className="grid size-11 place-items-center rounded-full hover:bg-sunken aria-expanded:bg-sunken"
      >
        <Settings2 aria-hidden className="size-5" />
      </button>
      <div
        id={panelId}
        hidden={!open}
        data-testid="settings-panel"
        className="absolute end-0 top-full z-50 mt-1.5 grid w-64 gap-1 rounded-2xl border border-line bg-surface p-1.5 text-start text-ink shadow-xl [&[hidden]]:hidden"
      >
        {account && (
          <p className="truncate px-3 py-2 text-sm text-quiet">
            {t("app.signedInAs", { name: account.name })}
          </p>
        )}
        <Group label={t("app.language")}>
          {LOCALES.map((locale) => (
            <Choice
              key={locale}
              name={`${panelId}-locale`}
              checked={i18n.language === locale}
              onChoose={() => chooseLanguage(locale)}
            >
              <span lang={locale}>{LOCALE_NAMES[locale]}</span>
            </Choice>
          ))}
        </Group>
        <Group label={t("app.theme")}>
          {THEMES.map((choice) => (
            <Choice
              key={choice}
              name={`${panelId}-theme`}
              checked={theme === choice}
              onChoose={() => setTheme(choice)}
            >
              {t(`app.theme_${choice}`)}
            </Choice>
          ))}
        </Group>
        <ul className="mt-1 border-t border-line pt-1">
          {account?.pages(() => setOpen(false))}
          {PAGES.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link to={to} className={ITEM} onClick={() => setOpen(false)}>
                <Icon aria-hidden className="size-4" />
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
        {account?.wayOut}
      </div>
    </div>
  );
}

const PAGES = [
  { to: "/device", label: "app.device", icon: AudioLines },
  { to: "/help", label: "app.help", icon: CircleQuestionMark },
] as const;

/** How each line of the menu looks. */
export const ITEM = "flex min-h-11 items-center gap-3 rounded-lg px-3 hover:bg-sunken";

/** Escape closes and gives the focus back; a press or a focus elsewhere closes. */
function useClosing(
  open: boolean,
  box: RefObject<HTMLElement | null>,
  close: () => void,
  button: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      close();
      button.current?.focus();
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
      document.removeEventListener("keydown", onKey);
    };
  });
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="px-3 pt-2 pb-1 text-sm font-semibold text-quiet">{label}</legend>
      {children}
    </fieldset>
  );
}

interface ChoiceProps {
  name: string;
  checked: boolean;
  onChoose: () => void;
  children: ReactNode;
}

function Choice({ name, checked, onChoose, children }: ChoiceProps) {
  return (
    <label className={clsx(ITEM, checked && "font-semibold")}>
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onChoose}
        className="size-4 accent-primary"
      />
      {children}
    </label>
  );
}
