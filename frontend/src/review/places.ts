/** Where words and comments stand in a turn's text. The API counts code points, the browser UTF-16 units. */

import { UNSURE_BELOW } from "@/history/words";
import type { Turn } from "@/lib/api";

type Word = Turn["words"][number];

/** A part of a text, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

export interface Piece {
  /** Place in the text, a stable key. */
  at: number;
  text: string;
  /** Seconds into the turn, where the recogniser heard this word. */
  second: number | null;
  unsure: boolean;
  /** Comments that are about these words. */
  comments: string[];
}

export function toCodePoints(text: string, unit: number): number {
  return [...text.slice(0, unit)].length;
}

export function toUnits(text: string, codePoint: number): number {
  return [...text].slice(0, codePoint).join("").length;
}

interface PlacedWord extends Span {
  word: Word;
}

/** The recognised words that are found in the text, in their order. */
function placedWords(turn: Pick<Turn, "text" | "words">): PlacedWord[] {
  const lower = turn.text.toLowerCase();
  if (lower.length !== turn.text.length) return [];
  const placed: PlacedWord[] = [];
  let searched = 0;
  for (const word of turn.words) {
    const plain = word.word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    const start = plain === "" ? -1 : lower.indexOf(plain, searched);
    if (start === -1) continue;
    searched = start + plain.length;
    placed.push({ start, end: searched, word });
  }
  return placed;
}

/** The text cut wherever a word or a commented part begins or ends. */
export function piecesOf(
  turn: Pick<Turn, "text" | "words">,
  commented: readonly (Span & { id: string })[],
): Piece[] {
  const words = placedWords(turn);
  const first = turn.words[0]?.start ?? 0;
  const cuts = new Set([0, turn.text.length]);
  for (const { start, end } of [...words, ...commented]) {
    cuts.add(Math.min(start, turn.text.length));
    cuts.add(Math.min(end, turn.text.length));
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(0, -1).map((at, number) => {
    const end = places[number + 1] ?? at;
    const found = words.find((one) => one.start <= at && end <= one.end)?.word;
    return {
      at,
      text: turn.text.slice(at, end),
      second: found === undefined ? null : Math.max(0, found.start - first),
      unsure: found !== undefined && found.confidence < UNSURE_BELOW,
      comments: commented.filter((one) => one.start <= at && end <= one.end).map((one) => one.id),
    };
  });
}

/** The part of an element's text that is selected; nothing where the selection reaches out of it or is empty. */
export function selectedSpan(element: HTMLElement): Span | null {
  const selection = window.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const end = start + range.toString().length;
  return end > start ? { start, end } : null;
}
