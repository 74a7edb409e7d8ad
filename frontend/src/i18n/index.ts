/** Message catalogues. Every text a person reads comes from here; English is the shape, the others follow it. */

import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { recall, remember } from "@/lib/store";
import en from "./en.json";
import es from "./es.json";

export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** How each language calls itself: people must find their own in a list they cannot read. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", es: "Español" };

const KEY = "avaaz.locale";

function asLocale(tag: string | null | undefined): Locale | undefined {
  const base = tag?.toLowerCase().split("-")[0];
  return LOCALES.find((locale) => locale === base);
}

/** The reader's own choice first, then what the browser prefers, then English. */
export function preferredLocale(): Locale {
  const wanted = [recall("local", KEY), ...navigator.languages];
  return wanted.map(asLocale).find((locale) => locale !== undefined) ?? "en";
}

/** True when the reader chose a language on this device, which then outranks the account's. */
export function hasChosenLocale(): boolean {
  return asLocale(recall("local", KEY)) !== undefined;
}

function markDocument(locale: string): void {
  document.documentElement.lang = locale;
  document.documentElement.dir = i18next.dir(locale);
}

export function chooseLocale(locale: Locale): void {
  remember("local", KEY, locale);
  void i18next.changeLanguage(locale);
}

/** Takes the account's language where the reader has not chosen one here. */
export function adoptAccountLocale(tag: string | null): void {
  const locale = asLocale(tag);
  if (locale === undefined || hasChosenLocale()) return;
  void i18next.changeLanguage(locale);
}

export function startI18n(locale: Locale = preferredLocale()): typeof i18next {
  i18next.on("languageChanged", markDocument);
  void i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: "en",
    supportedLngs: LOCALES,
    resources: { en: { translation: en }, es: { translation: es } },
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return i18next;
}
