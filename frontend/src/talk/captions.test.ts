import { describe, expect, it } from "vitest";
import { withEarlier, withTranscription, withTyped } from "./captions";
import { withNotice } from "./notices";
import type { Caption } from "./types";

const part = (segmentId: string, text: string, final: boolean, fromLearner = true) => ({
  segmentId,
  text,
  final,
  fromLearner,
});

describe("captions", () => {
  it("grow in place and keep their order", () => {
    let lines: readonly Caption[] = [];
    lines = withTranscription(lines, part("a", "I went", false));
    lines = withTranscription(lines, part("b", "Really?", true, false));
    lines = withTranscription(lines, part("a", "I went home", true));
    expect(lines.map((line) => [line.role, line.text, line.final])).toEqual([
      ["learner", "I went home", true],
      ["coach", "Really?", true],
    ]);
  });

  it("never go back from final to interim", () => {
    const lines = withTranscription([], part("a", "I went home", true));
    expect(withTranscription(lines, part("a", "I went", false))).toBe(lines);
  });

  it("do not show a segment that holds nothing, nor lose text to an empty end", () => {
    expect(withTranscription([], part("a", "  ", true))).toEqual([]);
    const lines = withTranscription([], part("a", "Hello", false, false));
    expect(withTranscription(lines, part("a", "", true, false))[0]).toMatchObject({
      text: "Hello",
      final: true,
    });
  });

  it("put earlier turns first and only once", () => {
    const earlier = withTyped([], "turn-1", "before");
    const now = withTyped([], "typed-1", "now");
    expect(withEarlier(withEarlier(now, earlier), earlier).map((line) => line.text)).toEqual([
      "before",
      "now",
    ]);
  });
});

describe("notices", () => {
  it("keep known codes and plain text, and drop what is neither", () => {
    expect(withNotice([], '{"code":"time_limit","text":"x"}')[0]?.code).toBe("time_limit");
    expect(withNotice([], '{"code":"new_thing","text":"A sentence."}')[0]).toMatchObject({
      code: null,
      text: "A sentence.",
    });
    for (const raw of ["", "null", "[]", "{}", '{"code":"new_thing"}', "not json"]) {
      expect(withNotice([], raw)).toEqual([]);
    }
  });

  it("do not stand twice", () => {
    const raw = '{"code":"record_delayed","text":"x"}';
    expect(withNotice(withNotice([], raw), raw)).toHaveLength(1);
  });
});
