import clsx from "clsx";
import { ChevronDown, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "@/i18n";
import { allLanguages, findLanguages, type Language, languageName } from "./languages";

interface LanguagePickerProps {
  label: string;
  hint: string;
  /** A language tag, or null where none is told. */
  value: string | null;
  onChange: (tag: string | null) => void;
}

/** A language out of many, found by typing: the combobox pattern, with a list that the arrow keys go through. */
export function LanguagePicker({ label, hint, value, onChange }: LanguagePickerProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const languages = useMemo(() => allLanguages(i18n.language), [i18n.language]);
  const open = search !== null;
  const found = open ? findLanguages(languages, search) : [];
  const chosen = value === null ? "" : languageName(value, i18n.language);

  const close = () => setSearch(null);
  const show = (text: string) => {
    setSearch(text);
    const at = text === "" ? languages.findIndex((language) => language.tag === value) : 0;
    setActive(Math.max(0, at));
  };
  const choose = (language: Language) => {
    onChange(language.tag);
    close();
  };
  const step = (by: number) => setActive((active + by + found.length) % Math.max(1, found.length));
  const onKey = (event: KeyboardEvent) => {
    const down = event.key === "ArrowDown";
    const picked = found[active];
    if (down || event.key === "ArrowUp") open ? step(down ? 1 : -1) : show("");
    else if (open && event.key === "Escape") close();
    // With the list closed, Enter sends the form as in every other box.
    else if (open && event.key === "Enter") picked && choose(picked);
    else return;
    event.preventDefault();
  };

  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <div className="relative">
        <input
          ref={box}
          id={id}
          role="combobox"
          type="text"
          autoComplete="off"
          spellCheck={false}
          data-testid="native-language"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && found[active] ? `${id}-${found[active].tag}` : undefined}
          aria-describedby={`${id}-hint`}
          placeholder={t("account.profile.languageSearch")}
          value={search ?? chosen}
          onChange={(event) => show(event.target.value)}
          onClick={() => open || show("")}
          onBlur={close}
          onKeyDown={onKey}
          className="min-h-12 w-full rounded-xl border border-line bg-surface py-2 ps-4 pe-24 hover:border-primary"
        />
        <div className="absolute inset-y-0 end-1 flex items-center">
          {value !== null && (
            <button
              type="button"
              aria-label={t("account.profile.languageClear")}
              onClick={() => {
                onChange(null);
                box.current?.focus();
              }}
              className="grid size-11 place-items-center rounded-lg text-quiet hover:text-ink"
            >
              <X aria-hidden className="size-4" />
            </button>
          )}
          <ChevronDown aria-hidden className="pointer-events-none mx-3 size-5 text-quiet" />
        </div>
        <Options id={id} open={open} found={found} active={active} value={value} onChoose={choose} />
      </div>
      <p id={`${id}-hint`} className="text-sm text-quiet">
        {hint}
      </p>
    </div>
  );
}

interface OptionsProps {
  id: string;
  open: boolean;
  found: readonly Language[];
  active: number;
  value: string | null;
  onChoose: (language: Language) => void;
}

function Options({ id, open, found, active, value, onChoose }: OptionsProps) {
  const { t, i18n } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the option in force moves with them
  useEffect(() => {
    list.current?.querySelector("[data-active=true]")?.scrollIntoView?.({ block: "nearest" });
  }, [active, found.length]);
  return (
    <div
      hidden={!open}
      className="absolute inset-x-0 top-full z-20 mt-1.5 overflow-hidden rounded-2xl border border-line bg-surface shadow-xl"
    >
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        hidden={found.length === 0}
        aria-label={t("account.profile.languages")}
        className="max-h-64 overflow-y-auto p-1.5"
      >
        {found.map((language, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the box's, which keeps the focus
          <div
            key={language.tag}
            id={`${id}-${language.tag}`}
            role="option"
            tabIndex={-1}
            aria-selected={language.tag === value}
            data-active={index === active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(language)}
            className={clsx(
              "flex min-h-11 cursor-pointer items-center justify-between gap-3 rounded-lg px-3",
              index === active ? "bg-coach-soft" : "hover:bg-sunken",
              language.tag === value && "font-semibold",
            )}
          >
            <span lang={i18n.language}>{language.name}</span>
            {language.own.toLowerCase() !== language.name.toLowerCase() && (
              <span lang={language.tag} className="text-quiet">
                {language.own}
              </span>
            )}
          </div>
        ))}
      </div>
      <p role="status" className={found.length === 0 ? "p-4 text-quiet" : "sr-only"}>
        {open &&
          (found.length === 0
            ? t("account.profile.languageNone")
            : t("account.profile.languageFound", { count: found.length }))}
      </p>
    </div>
  );
}
