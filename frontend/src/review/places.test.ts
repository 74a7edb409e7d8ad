import { describe, expect, it } from "vitest";
import { piecesOf, selectedSpan, toCodePoints, toUnits } from "./places";

const word = (text: string, start: number, confidence = 0.9) => ({
  word: text,
  start,
  end: start + 0.2,
  confidence,
});

describe("places in a text", () => {
  it("are counted in code points by the API and in UTF-16 units here", () => {
    const text = "So 😀 happy";
    expect(text.indexOf("happy")).toBe(6);
    expect(toCodePoints(text, 6)).toBe(5);
    expect(toUnits(text, 5)).toBe(6);
    expect(toUnits(text, toCodePoints(text, text.length))).toBe(text.length);
  });
});

describe("pieces of a turn", () => {
  const turn = {
    text: "Well, I buyed plums. I did.",
    words: [word("Well", 12), word("I", 12.5), word("buyed", 13, 0.2), word("plums", 13.5), word("I", 14)],
  };

  it("are the whole text, whatever is laid over it", () => {
    const pieces = piecesOf(turn, [{ id: "c", start: 3, end: 11 }]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(turn.text);
  });

  it("know when each word was said, from the first word of the turn on", () => {
    const pieces = piecesOf(turn, []);
    const seconds = pieces.filter((piece) => piece.second !== null).map((one) => [one.text, one.second]);
    expect(seconds).toEqual([
      ["Well", 0],
      ["I", 0.5],
      ["buyed", 1],
      ["plums", 1.5],
      ["I", 2],
    ]);
    expect(pieces.filter((piece) => piece.unsure).map((piece) => piece.text)).toEqual(["buyed"]);
  });

  it("are cut where a comment begins and ends, within words too", () => {
    const pieces = piecesOf(turn, [{ id: "c", start: 10, end: 16 }]);
    const about = pieces.filter((piece) => piece.comments.includes("c")).map((piece) => piece.text);
    expect(about.join("")).toBe(turn.text.slice(10, 16));
  });

  it("survive a span that reaches beyond the text, which may have been made shorter", () => {
    const pieces = piecesOf({ text: "Hi", words: [] }, [{ id: "c", start: 1, end: 99 }]);
    expect(pieces.map((piece) => piece.text)).toEqual(["H", "i"]);
  });
});

describe("marked words", () => {
  const paragraph = () => {
    document.body.innerHTML = "<p><span>I went</span><span> to the</span><span> market</span></p>";
    return document.querySelector("p") as HTMLElement;
  };
  const mark = (from: Node, start: number, to: Node, end: number) => {
    const range = document.createRange();
    range.setStart(from, start);
    range.setEnd(to, end);
    window.getSelection()?.removeAllRanges();
    window.getSelection()?.addRange(range);
  };

  it("are told by their place in the whole text", () => {
    const box = paragraph();
    mark(box.children[0]?.firstChild as Node, 2, box.children[1]?.firstChild as Node, 3);
    expect(selectedSpan(box)).toEqual({ start: 2, end: 9 });
  });

  it("are none where nothing is marked, or something beyond the turn", () => {
    const box = paragraph();
    window.getSelection()?.removeAllRanges();
    expect(selectedSpan(box)).toBeNull();
    const outside = document.body.appendChild(document.createTextNode("outside"));
    mark(box.children[0]?.firstChild as Node, 0, outside, 3);
    expect(selectedSpan(box)).toBeNull();
  });
});
