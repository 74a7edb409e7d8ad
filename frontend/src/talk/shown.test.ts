import { describe, expect, it } from "vitest";
import { NOTHING_SHOWN, withShown } from "./shown";
import type { Caption } from "./types";

function line(id: string, role: Caption["role"], text: string): Caption {
  return { id, role, text, final: true, typed: false, delivery: "heard", earlier: false };
}

const CAPTIONS = [
  line("a", "coach", "What did you buy?"),
  line("b", "learner", "I went to the market."),
  line("c", "learner", "We buyed plums."),
  line("d", "coach", "You bought plums, lovely."),
];

describe("what the coach shows", () => {
  it("is replaced by its newest version, and taken away", () => {
    const shown = withShown(NOTHING_SHOWN, [], "visual", '{"key":"market"}');
    expect(shown.visual?.key).toBe("market");
    expect(withShown(shown, [], "visual", "null").visual).toBeNull();
  });

  it("puts corrections under the last line of the turn that they are of", () => {
    const turn = "I went to the market. We buyed plums.";
    const raw = JSON.stringify({ item_id: "i", text: turn, corrections: [{ original: "buyed" }] });
    const { notes } = withShown(NOTHING_SHOWN, CAPTIONS, "corrections", raw);
    expect(Object.keys(notes)).toEqual(["c"]);
  });

  it("puts sources under the coach's line and keeps what stands there", () => {
    const raw = JSON.stringify({
      item_id: "i",
      text: "You bought plums, lovely.",
      sources: [{ title: "Guide" }],
    });
    const { notes } = withShown(NOTHING_SHOWN, CAPTIONS, "sources", raw);
    expect(notes.d?.sources).toHaveLength(1);
  });

  it("is not moved by words of no line, nor by what cannot be read", () => {
    const strange = JSON.stringify({ item_id: "i", text: "Something else.", corrections: [] });
    expect(withShown(NOTHING_SHOWN, CAPTIONS, "corrections", strange)).toBe(NOTHING_SHOWN);
    expect(withShown(NOTHING_SHOWN, CAPTIONS, "lesson", "{")).toBe(NOTHING_SHOWN);
  });
});
