/** What the coach shows beside the words: lesson or exam, a visual, corrections and sources under their captions. */

import type { Caption } from "./types";

export type ShownTopic = "lesson" | "visual" | "exam" | "corrections" | "sources";

/** As `api.contract.lessons.LessonView`. */
export interface LessonView {
  title: string;
  goal: string;
  steps: { key: string; title: string; state: "coming" | "running" | "done" | "skipped" }[];
  instructions: string | null;
  criteria: { key: string; says: string; met: boolean }[];
  phrases: string[];
  state: "running" | "completed" | "stopped";
}

/** As `api.contract.lessons.Visual`. */
export interface Visual {
  key: string;
  kind: "picture" | "table" | "card";
  title: string;
  description: string;
  picture: string | null;
  rows: string[][];
  lines: string[];
}

/** As `api.contract.exams.ExamView`. */
export interface ExamView {
  attempt_id: string;
  title: string;
  state: "waiting" | "running" | "finished" | "stopped";
  parts: {
    key: string;
    title: string;
    kind: "interview" | "long_turn" | "pair" | "discussion";
    scored: boolean;
    state: "coming" | "running" | "done";
  }[];
  phase: "instructions" | "preparation" | "speaking" | null;
  phase_index: number | null;
  remaining_s: number;
  length_s: number;
  paused: boolean;
  task_title: string | null;
  instructions: string | null;
  points: string[];
  visuals: Visual[];
  may_finish: boolean;
}

/** An exam's place, and when it was told: of the page's steady clock, in milliseconds. */
export interface ToldExam extends ExamView {
  told_at: number;
}

/** As `api.contract.corrections.Correction`. */
export interface Correction {
  original: string;
  replacement: string;
  better: string;
  explanation: string;
}

/** As `api.contract.calls.Source`. */
export interface Source {
  chunk_id: string;
  document_id: string;
  title: string;
  page: number | null;
}

/** What stands under one caption. */
export interface CaptionNote {
  corrections?: readonly Correction[];
  sources?: readonly Source[];
}

export interface Shown {
  lesson: LessonView | null;
  visual: Visual | null;
  exam: ToldExam | null;
  /** By the caption that they belong to. */
  notes: Readonly<Record<string, CaptionNote>>;
}

export const NOTHING_SHOWN: Shown = { lesson: null, visual: null, exam: null, notes: {} };

const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The newest line of one side that is part of a turn's text; captions know nothing of turns. */
function captionOf(captions: readonly Caption[], role: Caption["role"], text: string): Caption | undefined {
  const whole = letters(text);
  return captions.findLast(
    (line) => line.role === role && line.text !== "" && whole.includes(letters(line.text)),
  );
}

/** The state after a message; one that cannot be read changes nothing. */
export function withShown(shown: Shown, captions: readonly Caption[], topic: ShownTopic, raw: string): Shown {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return shown;
  }
  if (topic === "lesson") return { ...shown, lesson: value as LessonView | null };
  if (topic === "exam") return { ...shown, exam: { ...(value as ExamView), told_at: performance.now() } };
  if (topic === "visual") return { ...shown, visual: value as Visual | null };
  const note = value as CaptionNote & { text: string };
  const line = captionOf(captions, topic === "sources" ? "coach" : "learner", note.text);
  if (line === undefined) return shown;
  const known = { ...shown.notes[line.id], [topic]: note[topic] };
  return { ...shown, notes: { ...shown.notes, [line.id]: known } };
}
