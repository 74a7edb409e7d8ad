/** Laying the recogniser's doubts over the text that is shown. */

import type { Turn } from "@/lib/api";

/** Below this the recogniser itself says it may have misheard. */
export const UNSURE_BELOW = 0.5;

export interface Piece {
  text: string;
  unsure: boolean;
  /** Place in the text, a stable key. */
  at: number;
}

type Spoken = Pick<Turn, "role" | "input_kind" | "text" | "words">;

export function hasUnsureWords(turn: Spoken): boolean {
  return piecesOf(turn).some((piece) => piece.unsure);
}

/**
 * The turn's text cut where doubt begins and ends. Only a learner's spoken words are doubted; a word that is not
 * found in the text in its order (punctuation, numbers written out) leaves the text as it is.
 */
export function piecesOf(turn: Spoken): Piece[] {
  const whole: Piece[] = [{ text: turn.text, unsure: false, at: 0 }];
  if (turn.role !== "learner" || turn.input_kind !== "voice") return whole;
  const lower = turn.text.toLowerCase();
  const pieces: Piece[] = [];
  let done = 0;
  let searched = 0;
  for (const word of turn.words) {
    const plain = word.word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    const at = plain === "" ? -1 : lower.indexOf(plain, searched);
    if (at === -1) continue;
    searched = at + plain.length;
    if (word.confidence >= UNSURE_BELOW) continue;
    if (at > done) pieces.push({ text: turn.text.slice(done, at), unsure: false, at: done });
    pieces.push({ text: turn.text.slice(at, searched), unsure: true, at });
    done = searched;
  }
  if (done < turn.text.length) pieces.push({ text: turn.text.slice(done), unsure: false, at: done });
  return pieces.length > 0 ? pieces : whole;
}
