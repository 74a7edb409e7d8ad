/** Scores in plain words. */

import type { MessageKey, Translate } from "@/i18n";
import type { Assessment, Dimension, FlagCode, LevelOrBelow, RefusalCode } from "./results-api";

export const DIMENSIONS = ["fluency", "pronunciation", "grammar", "vocabulary", "coherence"] as const;
/** The scale on which a level is estimated, from the lowest. */
export const SCALE = ["below_A1", "A1", "A2", "B1", "B2"] as const;
export const MOST = 5;

const SURE_FROM = 0.75;
const LIKELY_FROM = 0.5;

export type Sureness = "sure" | "likely" | "unsure";

/** How much weight an estimate bears. */
export function sureness(confidence: number): Sureness {
  if (confidence >= SURE_FROM) return "sure";
  return confidence >= LIKELY_FROM ? "likely" : "unsure";
}

/** How far around a level the estimate may lie, in levels on either side. */
export function reach(confidence: number): number {
  return 0.5 + (1 - Math.min(1, Math.max(0, confidence)));
}

/** The levels beside the estimate that it may be just as well; none where it is sure. */
export function neighbours(level: LevelOrBelow, confidence: number): LevelOrBelow[] {
  if (sureness(confidence) === "sure") return [];
  const place = SCALE.indexOf(level);
  return SCALE.filter((_, other) => Math.abs(other - place) === 1);
}

export function dimensionName(dimension: Dimension): MessageKey {
  return `results.dimension_${dimension}`;
}

export function refusalWords(t: Translate, code: RefusalCode): string {
  return t(`results.refused_${code}`);
}

export function adviceWords(t: Translate, code: RefusalCode): string {
  return t(`results.advice_${code}`);
}

export function flagWords(t: Translate, flag: FlagCode): string {
  return t(`results.flag_${flag}`);
}

export function levelWords(t: Translate, level: LevelOrBelow): string {
  return level === "below_A1" ? t("results.belowA1") : level;
}

/** A score with one figure behind the point, as the reader writes numbers. */
export function scoreText(score: number, locale: string): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(score);
}

/** A figure of any size, short. */
export function figureText(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
}

/** Every recording that the evidence is in. */
export function callsOf(assessment: Assessment): string[] {
  const ids = assessment.dimensions.flatMap((one) => one.evidence.map((piece) => piece.call_id));
  return [...new Set(ids.filter((id) => id !== null && id !== undefined))];
}

/** Sounds of English by their ARPAbet names: how dictionaries write them, and a word to think of. */
export const SOUNDS: Record<string, readonly [ipa: string, example: string]> = {
  AA: ["ɑː", "father"],
  AE: ["æ", "cat"],
  AH: ["ʌ", "cup"],
  AO: ["ɔː", "law"],
  AW: ["aʊ", "now"],
  AY: ["aɪ", "my"],
  B: ["b", "bad"],
  CH: ["tʃ", "chair"],
  D: ["d", "day"],
  DH: ["ð", "this"],
  EH: ["e", "bed"],
  ER: ["ɜː", "bird"],
  EY: ["eɪ", "say"],
  F: ["f", "five"],
  G: ["ɡ", "go"],
  HH: ["h", "hat"],
  IH: ["ɪ", "sit"],
  IY: ["iː", "see"],
  JH: ["dʒ", "jam"],
  K: ["k", "key"],
  L: ["l", "leg"],
  M: ["m", "man"],
  N: ["n", "no"],
  NG: ["ŋ", "sing"],
  OW: ["oʊ", "go"],
  OY: ["ɔɪ", "boy"],
  P: ["p", "pen"],
  R: ["r", "red"],
  S: ["s", "sun"],
  SH: ["ʃ", "she"],
  T: ["t", "tea"],
  TH: ["θ", "think"],
  UH: ["ʊ", "book"],
  UW: ["uː", "too"],
  V: ["v", "very"],
  W: ["w", "we"],
  Y: ["j", "yes"],
  Z: ["z", "zoo"],
  ZH: ["ʒ", "measure"],
};

/** A phone's name without its stress: `AE1` is `AE`. */
export function soundOf(phone: string): readonly [ipa: string, example: string] | null {
  return SOUNDS[phone.replace(/\d$/, "").toUpperCase()] ?? null;
}
