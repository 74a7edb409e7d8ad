/**
 * What only some pages say: a chunk a volume and language. Apart from the shell, which would name them all.
 *
 * The keys of a volume's texts begin with its name.
 */

import type { Locale } from ".";

export type Tree = { [key: string]: string | Tree };

export const VOLUMES = {
  account: { en: () => import("./account-en.json"), es: () => import("./account-es.json") },
  administration: {
    en: () => import("./administration-en.json"),
    es: () => import("./administration-es.json"),
  },
  auth: { en: () => import("./auth-en.json"), es: () => import("./auth-es.json") },
  authoring: { en: () => import("./authoring-en.json"), es: () => import("./authoring-es.json") },
  classroom: { en: () => import("./classroom-en.json"), es: () => import("./classroom-es.json") },
  closed: { en: () => import("./closed-en.json"), es: () => import("./closed-es.json") },
  corrections: { en: () => import("./corrections-en.json"), es: () => import("./corrections-es.json") },
  device: { en: () => import("./device-en.json"), es: () => import("./device-es.json") },
  documents: { en: () => import("./documents-en.json"), es: () => import("./documents-es.json") },
  exams: { en: () => import("./exams-en.json"), es: () => import("./exams-es.json") },
  feedback: { en: () => import("./feedback-en.json"), es: () => import("./feedback-es.json") },
  help: { en: () => import("./help-en.json"), es: () => import("./help-es.json") },
  history: { en: () => import("./history-en.json"), es: () => import("./history-es.json") },
  lessons: { en: () => import("./lessons-en.json"), es: () => import("./lessons-es.json") },
  onboarding: { en: () => import("./onboarding-en.json"), es: () => import("./onboarding-es.json") },
  practice: { en: () => import("./practice-en.json"), es: () => import("./practice-es.json") },
  privacy: { en: () => import("./privacy-en.json"), es: () => import("./privacy-es.json") },
  progress: { en: () => import("./progress-en.json"), es: () => import("./progress-es.json") },
  pwa: { en: () => import("./pwa-en.json"), es: () => import("./pwa-es.json") },
  recording: { en: () => import("./recording-en.json"), es: () => import("./recording-es.json") },
  report: { en: () => import("./report-en.json"), es: () => import("./report-es.json") },
  results: { en: () => import("./results-en.json"), es: () => import("./results-es.json") },
  review: { en: () => import("./review-en.json"), es: () => import("./review-es.json") },
  schools: { en: () => import("./schools-en.json"), es: () => import("./schools-es.json") },
  sitting: { en: () => import("./sitting-en.json"), es: () => import("./sitting-es.json") },
  talk: { en: () => import("./talk-en.json"), es: () => import("./talk-es.json") },
  transcript: { en: () => import("./transcript-en.json"), es: () => import("./transcript-es.json") },
  writing: { en: () => import("./writing-en.json"), es: () => import("./writing-es.json") },
} satisfies Record<string, Record<Locale, () => Promise<{ default: Tree }>>>;
export type Volume = keyof typeof VOLUMES;

/** The shape of each, which is its English. */
export type Volumes = {
  [Name in Volume]: Awaited<ReturnType<(typeof VOLUMES)[Name]["en"]>>["default"];
};
