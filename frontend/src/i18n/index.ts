/**
 * Message catalogues. Every text a person reads comes from here; English is the shape, the others follow it.
 *
 * Small enough to stand in the first chunk; a language other than English is a chunk of its own. What only some
 * pages say is a volume: a chunk a language, which their route opens before they are drawn.
 */

import { useSyncExternalStore } from "react";
import { recall, remember } from "@/lib/store";
import en from "./en.json";
import type { Tree, Volume, Volumes } from "./volumes";

export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** How each language calls itself: people must find their own in a list they cannot read. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", es: "Español" };

type Leaf<Branch, Path extends string = ""> = {
  [Key in keyof Branch & string]: Branch[Key] extends string
    ? `${Path}${Key}`
    : Leaf<Branch[Key], `${Path}${Key}.`>;
}[keyof Branch & string];
type Catalogue = typeof en & Volumes;
type Counted<Key> = Key extends `${infer Stem}_other` ? Stem : never;

/** The place of a text; what has plural forms is named without its form and given a `count`. */
export type MessageKey = Leaf<Catalogue> | Counted<Leaf<Catalogue>>;
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string;

const KEY = "avaaz.locale";
const FALLBACK = flatten(en);
const LOADERS: Record<Exclude<Locale, "en">, () => Promise<{ default: Tree }>> = {
  es: () => import("./es.json"),
};
const opened = new Set<Volume>();

function flatten(tree: Tree, path = "", into = new Map<string, string>()): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") into.set(path + key, value);
    else flatten(value, `${path}${key}.`, into);
  }
  return into;
}

function translator(locale: Locale, messages: Map<string, string>): Translate {
  const plurals = new Intl.PluralRules(locale);
  const find = (key: string) => messages.get(key) ?? FALLBACK.get(key);
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === "number" ? find(`${key}_${plurals.select(count)}`) : undefined;
    const text = form ?? find(key) ?? find(`${key}_other`) ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

interface Speech {
  t: Translate;
  i18n: { language: Locale };
}

let current: Speech = { t: translator("en", FALLBACK), i18n: { language: "en" } };
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The texts of the language in force; whoever uses it is drawn again when the language changes. */
export function useTranslation(): Speech {
  return useSyncExternalStore(subscribe, () => current);
}

export function currentLocale(): Locale {
  return current.i18n.language;
}

async function load(locale: Locale): Promise<Map<string, string>> {
  const messages = locale === "en" ? FALLBACK : flatten((await LOADERS[locale]()).default);
  for (const volume of opened) flatten(await readVolume(volume, locale), `${volume}.`, messages);
  return messages;
}

async function readVolume(volume: Volume, locale: Locale): Promise<Tree> {
  const { VOLUMES } = await import("./volumes");
  return (await VOLUMES[volume][locale]()).default;
}

/** Puts a language in force. Without its catalogue (no network) everything stays as it is. */
async function speak(locale: Locale): Promise<void> {
  const messages = await load(locale).catch(() => null);
  if (messages !== null) say(locale, messages);
}

/** Loads what only some pages say. Rejects where it cannot be had, as the page itself then could not. */
export async function openVolume(volume: Volume): Promise<void> {
  if (opened.has(volume)) return;
  await readVolume(volume, currentLocale());
  opened.add(volume);
  await speak(currentLocale());
}

function say(locale: Locale, messages: Map<string, string>): void {
  current = { t: translator(locale, messages), i18n: { language: locale } };
  document.documentElement.lang = locale;
  document.documentElement.dir = "ltr";
  for (const listener of listeners) listener();
}

function asLocale(tag: string | null | undefined): Locale | undefined {
  const base = tag?.toLowerCase().split("-")[0];
  return LOCALES.find((locale) => locale === base);
}

/** The reader's own choice first, then what the browser prefers, then English. */
function preferredLocale(): Locale {
  const wanted = [recall("local", KEY), ...navigator.languages];
  return wanted.map(asLocale).find((locale) => locale !== undefined) ?? "en";
}

export function chooseLocale(locale: Locale): void {
  remember("local", KEY, locale);
  void speak(locale);
}

/** Takes the account's language where the reader has not chosen one on this device. */
export async function adoptAccountLocale(tag: string | null): Promise<void> {
  const locale = asLocale(tag);
  const chosenHere = asLocale(recall("local", KEY)) !== undefined;
  if (locale === undefined || chosenHere || locale === currentLocale()) return;
  await speak(locale);
}

/** Before the first paint: the reader's language. From then on a choice in another tab counts here too. */
export function startI18n(locale: Locale = preferredLocale()): Promise<void> {
  window.addEventListener("storage", ({ key, newValue }) => {
    const chosen = key === KEY ? asLocale(newValue) : undefined;
    if (chosen) void speak(chosen);
  });
  return speak(locale);
}
