import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { open, pretendApi, refusal, SIGNED_IN } from "@/test/app";
import { newGradingId } from "./practice-api";
import { begin, step } from "./round";
import { wavOf } from "./wav";

const item = (number: number, due_at = "2026-11-20T00:00:00Z") => ({
  id: `00000000-0000-0000-0000-00000000000${number}`,
  kind: "correction" as const,
  cue: `She go ${number}`,
  answer: `She goes ${number}.`,
  note: "",
  category: "grammar",
  call_id: null,
  turn_id: null,
  times_made: 1,
  due_at,
  last_review_at: null,
  suspended_at: null,
  created_at: "2026-11-19T00:00:00Z",
});
const NOW = Date.parse("2026-11-21T12:00:00Z");
const soon = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

describe("a sitting", () => {
  const graded = (before: ReturnType<typeof item>, due_at: string) => ({
    kind: "graded" as const,
    graded: { ...before, due_at },
    before,
    gradingId: "g",
    rating: "again" as const,
    now: NOW,
    nextDueAt: due_at,
  });

  it("asks again at the end for what comes back in minutes, and for nothing else", () => {
    const [one, two] = [item(1), item(2)];
    const again = step(begin([one, two], null), graded(one, soon(10)));
    expect(again.queue.map((each) => each.id)).toEqual([two.id, one.id]);
    const later = step(again, graded(two, soon(2 * 24 * 60)));
    expect(later.queue.map((each) => each.id)).toEqual([one.id]);
    expect(later.done).toBe(2);
  });

  it("puts what was undone back in front, once", () => {
    const [one, two] = [item(1), item(2)];
    const round = step(begin([one, two], null), graded(one, soon(10)));
    const undone = step(round, { kind: "undone", item: one });
    expect(undone.queue.map((each) => each.id)).toEqual([one.id, two.id]);
    expect([undone.done, undone.last]).toEqual([0, null]);
  });
});

it("writes what the API takes for a recording", () => {
  const view = new DataView(wavOf(new Float32Array([0, 1, -1, 2])));
  const word = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((next) => view.getUint8(at + next)));
  expect([word(0), word(8), word(36)]).toEqual(["RIFF", "WAVE", "data"]);
  expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([
    1, 16_000, 16,
  ]);
  expect(view.getUint32(40, true)).toBe(8);
  expect([44, 46, 48, 50].map((at) => view.getInt16(at, true))).toEqual([0, 32_767, -32_767, 32_767]);
});

it("makes keys that the API takes", () => {
  expect(newGradingId()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

describe("the review page", () => {
  const due = (items: unknown[]) => ({ body: { items, due: items.length, next_due_at: null } });

  it("grades with a key, and sends the same key of the grading again after a failure", async () => {
    const sent: { grading_id: string; rating: string }[] = [];
    const path = `POST /reviews/${item(1).id}`;
    const answers = {
      ...SIGNED_IN,
      "GET /reviews/due": due([item(1)]),
      [path]: refusal(503, "unavailable"),
    };
    const fetched = pretendApi(answers);
    open("/practice/review");
    const user = userEvent.setup();
    await user.click(await screen.findByTestId("show"));
    expect(screen.getByTestId("answer")).toHaveTextContent("She goes 1.");
    await user.keyboard("3");
    await screen.findByTestId("grade-failed");
    Object.assign(answers, {
      [path]: { body: { item: item(1, soon(3 * 24 * 60)), due: 0, next_due_at: soon(3 * 24 * 60) } },
    });
    await user.keyboard("3");
    await screen.findByTestId("finished");
    for (const [request] of fetched.mock.calls) {
      if (request.method === "POST") sent.push(await request.clone().json());
    }
    expect(sent.map((one) => one.rating)).toEqual(["good", "good"]);
    expect(sent[0]?.grading_id).toBe(sent[1]?.grading_id);
    expect(screen.getByTestId("undo")).toBeVisible();
  });

  it("compares what was typed, and suggests a grade", async () => {
    const said = {
      heard: "She go 1",
      verdict: "close",
      words: [
        { text: "She", said: true },
        { text: "goes", said: false },
      ],
    };
    pretendApi({
      ...SIGNED_IN,
      "GET /reviews/due": due([item(1)]),
      [`POST /reviews/${item(1).id}/typed`]: { body: said },
    });
    open("/practice/review");
    const user = userEvent.setup();
    const box = await screen.findByRole("textbox");
    await user.type(box, "She go 1{Enter}");
    await waitFor(() => expect(screen.getByTestId("verdict")).toHaveAttribute("data-verdict", "close"));
    expect(screen.getByTestId("grade-hard")).toHaveClass("border-primary");
  });

  it("says when nothing is due", async () => {
    pretendApi({ ...SIGNED_IN, "GET /reviews/due": due([]) });
    open("/practice/review");
    expect(await screen.findByTestId("finished")).toBeVisible();
  });
});

describe("everything that comes back", () => {
  it("lets one go, and puts the reader at the heading", async () => {
    let items = [item(1), item(2)];
    pretendApi({
      ...SIGNED_IN,
      "GET /reviews": () => ({ body: { items, next_cursor: null } }),
      [`DELETE /reviews/${item(1).id}`]: () => {
        items = items.slice(1);
        return { status: 204 };
      },
    });
    open("/practice/items");
    const [first] = await screen.findAllByRole("button", { name: "Remove" });
    if (first === undefined) throw new Error("nothing to remove");
    await userEvent.click(first);
    await waitFor(() => expect(screen.queryByText("She goes 1.")).toBeNull());
    expect(screen.getByRole("heading", { level: 1 })).toHaveFocus();
  });
});
