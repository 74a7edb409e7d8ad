/**
 * What only some pages say: a chunk a volume and language. Apart from the shell, which would name them all.
 *
 * The keys of a volume's texts begin with its name.
 */

import type { Locale } from ".";
import type account from "./account-en.json";
import type administration from "./administration-en.json";
import type auth from "./auth-en.json";
import type authoring from "./authoring-en.json";
import type classroom from "./classroom-en.json";
import type closed from "./closed-en.json";
import type corrections from "./corrections-en.json";
import type device from "./device-en.json";
import type documents from "./documents-en.json";
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

export type Tree = { [key: string]: string | Tree };

/** The shape of each, which is its English. */
export interface Volumes {
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

export const VOLUMES = {
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
export type Volume = keyof typeof VOLUMES;
