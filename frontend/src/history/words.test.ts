import { describe, expect, it } from "vitest";
import { hasUnsureWords, piecesOf } from "./words";

const word = (text: string, confidence: number) => ({ word: text, start: 0, end: 1, confidence });
const spoken = (text: string, words: ReturnType<typeof word>[]) => ({
  role: "learner" as const,
  input_kind: "voice" as const,
  text,
  words,
});

describe("doubtful words", () => {
  it("are cut out of the text without changing it", () => {
    const turn = spoken("We bought oranges, many oranges.", [
      word("we", 0.9),
      word("bought", 0.3),
      word("oranges", 0.9),
      word("many", 0.9),
      word("oranges", 0.2),
    ]);
    const pieces = piecesOf(turn);
    expect(pieces.map((piece) => piece.text).join("")).toBe(turn.text);
    expect(pieces.filter((piece) => piece.unsure).map((piece) => [piece.text, piece.at])).toEqual([
      ["bought", 3],
      ["oranges", 24],
    ]);
  });

  it("that are not in the text are passed over", () => {
    expect(hasUnsureWords(spoken("At 5.", [word("at", 0.9), word("five", 0.1)]))).toBe(false);
  });

  it("are never marked in what was typed or said by the coach", () => {
    const typed = { ...spoken("hello", [word("hello", 0.1)]), input_kind: "text" as const };
    const coach = { ...spoken("hello", [word("hello", 0.1)]), role: "coach" as const };
    expect([hasUnsureWords(typed), hasUnsureWords(coach)]).toEqual([false, false]);
  });
});
