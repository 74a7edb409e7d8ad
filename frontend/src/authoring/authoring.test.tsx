import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { open, pretendApi, type Routes, SIGNED_IN, USER } from "@/test/app";
import { moved, put } from "./lesson";

afterEach(() => vi.unstubAllGlobals());

const ID = "00000000-0000-0000-0000-0000000000e1";
const EXCHANGE = {
  say: "What do you cook?",
  easier: "You cook?",
  nudge: "I cook ...",
  model: "I cook rice.",
  otherwise: "I see.",
  wants: "fact",
  hear: [],
};
const step = (key: string, title: string) => ({
  key,
  title,
  kind: "task",
  instructions: "Say what you cook.",
  guidance: "Ask what the learner cooks.",
  mode: "individual",
  seconds: 60,
  opinions: [],
  exchanges: [EXCHANGE],
  criteria: [],
});
const CONTENT = {
  key: "food",
  level: "A2",
  title: "Food",
  topic: "food",
  area: "everyday",
  kind: "lesson",
  task: "explain",
  goal: "You can talk about food.",
  minutes: 2,
  objectives: ["a2-agree"],
  exam_tags: [],
  phrases: [],
  vocabulary: [],
  visuals: [],
  steps: [step("one", "First"), step("two", "Second")],
  reflection: "What did you learn?",
};
const DRAFT = {
  lesson_id: ID,
  version: "1",
  content: CONTENT,
  problems: [],
  usable: true,
  has_draft: true,
  offered: null,
  document_ids: [],
  changed_at: "2026-11-21T10:00:00Z",
};
const SAVE = `PUT /authoring/lessons/${ID}`;
const saved = (version: string, ...problems: object[]) => ({
  body: { version, problems, usable: problems.length === 0, changed_at: "2026-11-21T10:00:00Z" },
});
const DESK: Routes = {
  ...SIGNED_IN,
  "GET /users/me": { body: { ...USER, role: "instructor" } },
  [`GET /authoring/lessons/${ID}`]: { body: DRAFT },
  [SAVE]: saved("2"),
  "GET /objectives": { body: { items: [] } },
  "GET /documents": { body: { items: [], next_cursor: null, most_bytes: 1 } },
};

/** The bodies that were sent to save, in order. */
async function sent(answer: ReturnType<typeof vi.fn>) {
  const requests = answer.mock.calls.map(([request]) => request as Request);
  return Promise.all(
    requests.filter(({ method }) => method === "PUT").map((request) => request.clone().json()),
  );
}

const WITHIN = { timeout: 10_000 };
const state = (name: string) =>
  waitFor(() => expect(screen.getByTestId("save-state").dataset.state).toBe(name), WITHIN);
const title = () => screen.findByLabelText("Title", {}, WITHIN);

describe("a lesson that is written", () => {
  it("is saved by itself, over the version that was read, and taken back step by step", async () => {
    const answer = pretendApi(DESK);
    open(`/authoring/${ID}`);
    await userEvent.type(await title(), " we like");
    await state("saved");
    const [first] = await sent(answer);
    expect(first).toMatchObject({ version: "1", content: { title: "Food we like" } });
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await title()).toHaveProperty("value", "Food");
    await waitFor(async () => expect((await sent(answer)).at(-1)).toMatchObject({ version: "2" }), WITHIN);
  }, 30_000);

  it("says at its place what is missing, and cannot be published before", async () => {
    const missing = { path: "goal", code: "missing", message: "", weight: "error", limit: null };
    pretendApi({ ...DESK, [SAVE]: saved("2", missing) });
    open(`/authoring/${ID}`);
    await userEvent.clear(await screen.findByLabelText("Goal", {}, WITHIN));
    await waitFor(
      () => expect(screen.getByLabelText("Goal").getAttribute("aria-invalid")).toBe("true"),
      WITHIN,
    );
    expect(screen.getByTestId("publish")).toHaveProperty("disabled", true);
    await userEvent.click(within(screen.getByTestId("problems")).getByRole("button"));
    expect(document.activeElement).toBe(screen.getByLabelText("Goal"));
  }, 30_000);

  it("is not written over where somebody else saved, and the writer decides", async () => {
    const present = { version: "9", content: { ...CONTENT, title: "Theirs" }, saved_by: "Ivo" };
    const details = [{ present, changes: [{ path: "title", before: "Theirs", after: "Food!" }] }];
    const error = { code: "changed_meanwhile", message: "", request_id: "r", details };
    let met = true;
    const answer = pretendApi({
      ...DESK,
      [SAVE]: () => (met ? { status: 409, body: { error } } : saved("10")),
    });
    open(`/authoring/${ID}`);
    await userEvent.type(await title(), "!");
    const conflict = await screen.findByTestId("conflict", {}, WITHIN);
    expect(conflict.textContent).toContain("Ivo");
    expect(within(conflict).getByText("Theirs", { selector: "del" })).toBeTruthy();
    met = false;
    await userEvent.click(within(conflict).getByRole("button", { name: "Keep mine" }));
    await state("saved");
    expect((await sent(answer)).at(-1)).toMatchObject({ version: "9", content: { title: "Food!" } });
  }, 30_000);

  it("has steps that keys and buttons move", async () => {
    pretendApi(DESK);
    open(`/authoring/${ID}`);
    const names = () =>
      screen.getAllByTestId("step").map((one) => within(one).getByRole("heading", { level: 3 }).textContent);
    await screen.findAllByTestId("step", {}, WITHIN);
    screen.getAllByTestId("step")[0]?.querySelector("summary")?.focus();
    await userEvent.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(names()).toEqual(["Second", "First"]);
    await userEvent.click(screen.getByRole("button", { name: "Move up: First", hidden: true }));
    expect(names()).toEqual(["First", "Second"]);
  }, 30_000);
});

describe("a lesson as a value", () => {
  it("changes at one place and shares the rest", () => {
    const next = put(CONTENT, ["steps", 1, "title"], "Last");
    expect(next.steps[1]?.title).toBe("Last");
    expect(next.steps[0]).toBe(CONTENT.steps[0]);
    expect(CONTENT.steps[1]?.title).toBe("Second");
  });

  it("moves nothing beyond the ends of a list", () => {
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  });
});
