/**
 * Message catalogues. Every text a person reads comes from here; English is the shape, the others follow it.
 *
 * Small enough to stand in the first chunk; a language other than English is a chunk of its own. What only some
 * pages say is a volume: a chunk a language, which their route opens before they are drawn.
 */

import { useSyncExternalStore } from "react";
import { recall, remember } from "@/lib/store";
import type account from "./account-en.json";
import type administration from "./administration-en.json";
import type auth from "./auth-en.json";
import type authoring from "./authoring-en.json";
import type classroom from "./classroom-en.json";
import type closed from "./closed-en.json";
import type corrections from "./corrections-en.json";
import type device from "./device-en.json";
import type documents from "./documents-en.json";
import en from "./en.json";
import type feedback from "./feedback-en.json";
import type help from "./help-en.json";
import type history from "./history-en.json";
import type lessons from "./lessons-en.json";
import type onboarding from "./onboarding-en.json";
import type practice from "./practice-en.json";
import type privacy from "./privacy-en.json";
import type progress from "./progress-en.json";
import type pwa from "./pwa-en.json";
import type recording from "./recording-en.json";
import type report from "./report-en.json";
import type review from "./review-en.json";
import type schools from "./schools-en.json";
import type talk from "./talk-en.json";
import type transcript from "./transcript-en.json";
import type writing from "./writing-en.json";

export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** How each language calls itself: people must find their own in a list they cannot read. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", es: "Español" };

type Tree = { [key: string]: string | Tree };
type Leaf<Branch, Path extends string = ""> = {
  [Key in keyof Branch & string]: Branch[Key] extends string
    ? `${Path}${Key}`
    : Leaf<Branch[Key], `${Path}${Key}.`>;
}[keyof Branch & string];
interface Volumes {
  account: typeof account;
  administration: typeof administration;
  auth: typeof auth;
  authoring: typeof authoring;
  classroom: typeof classroom;
  closed: typeof closed;
  corrections: typeof corrections;
  device: typeof device;
  documents: typeof documents;
  feedback: typeof feedback;
  help: typeof help;
  history: typeof history;
  lessons: typeof lessons;
  progress: typeof progress;
  practice: typeof practice;
  onboarding: typeof onboarding;
  privacy: typeof privacy;
  pwa: typeof pwa;
  recording: typeof recording;
  schools: typeof schools;
  report: typeof report;
  review: typeof review;
  talk: typeof talk;
  transcript: typeof transcript;
  writing: typeof writing;
}
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
/** The keys of a volume's texts begin with its name. */
const VOLUMES = {
  account: { en: () => import("./account-en.json"), es: () => import("./account-es.json") },
  administration: {
    en: () => import("./administration-en.json"),
    es: () => import("./administration-es.json"),
  },
  classroom: { en: () => import("./classroom-en.json"), es: () => import("./classroom-es.json") },
  closed: { en: () => import("./closed-en.json"), es: () => import("./closed-es.json") },
  corrections: { en: () => import("./corrections-en.json"), es: () => import("./corrections-es.json") },
  authoring: { en: () => import("./authoring-en.json"), es: () => import("./authoring-es.json") },
  auth: { en: () => import("./auth-en.json"), es: () => import("./auth-es.json") },
  device: { en: () => import("./device-en.json"), es: () => import("./device-es.json") },
  documents: { en: () => import("./documents-en.json"), es: () => import("./documents-es.json") },
  feedback: { en: () => import("./feedback-en.json"), es: () => import("./feedback-es.json") },
  help: { en: () => import("./help-en.json"), es: () => import("./help-es.json") },
  history: { en: () => import("./history-en.json"), es: () => import("./history-es.json") },
  lessons: { en: () => import("./lessons-en.json"), es: () => import("./lessons-es.json") },
  progress: { en: () => import("./progress-en.json"), es: () => import("./progress-es.json") },
  practice: { en: () => import("./practice-en.json"), es: () => import("./practice-es.json") },
  onboarding: { en: () => import("./onboarding-en.json"), es: () => import("./onboarding-es.json") },
  privacy: { en: () => import("./privacy-en.json"), es: () => import("./privacy-es.json") },
  pwa: { en: () => import("./pwa-en.json"), es: () => import("./pwa-es.json") },
  recording: { en: () => import("./recording-en.json"), es: () => import("./recording-es.json") },
  schools: { en: () => import("./schools-en.json"), es: () => import("./schools-es.json") },
  report: { en: () => import("./report-en.json"), es: () => import("./report-es.json") },
  review: { en: () => import("./review-en.json"), es: () => import("./review-es.json") },
  talk: { en: () => import("./talk-en.json"), es: () => import("./talk-es.json") },
  transcript: { en: () => import("./transcript-en.json"), es: () => import("./transcript-es.json") },
  writing: { en: () => import("./writing-en.json"), es: () => import("./writing-es.json") },
} satisfies Record<keyof Volumes, Record<Locale, () => Promise<{ default: Tree }>>>;
type Volume = keyof typeof VOLUMES;
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
  for (const volume of opened) flatten((await VOLUMES[volume][locale]()).default, `${volume}.`, messages);
  return messages;
}

/** Puts a language in force. Without its catalogue (no network) everything stays as it is. */
async function speak(locale: Locale): Promise<void> {
  const messages = await load(locale).catch(() => null);
  if (messages !== null) say(locale, messages);
}

/** Loads what only some pages say. Rejects where it cannot be had, as the page itself then could not. */
export async function openVolume(volume: Volume): Promise<void> {
  if (opened.has(volume)) return;
  await VOLUMES[volume][currentLocale()]();
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

/** Before the first paint: the reader's language. */
export function startI18n(locale: Locale = preferredLocale()): Promise<void> {
  return speak(locale);
}
