import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseLocale } from "@/i18n";
import { open, pretendApi, type Routes, refusal, SESSION, SIGNED_IN } from "@/test/app";

afterEach(() => {
  chooseLocale("en");
  vi.unstubAllGlobals();
});

const MARKET = {
  id: "market",
  key: "market",
  version: 1,
  title: "At the market",
  topic: "Shopping",
  goal: "You can buy fruit.",
  level: "A2",
  area: "everyday",
  task: "role_play",
  kind: "lesson",
  minutes: 8,
  exam_tags: [],
  origin: "installation",
  state: "new",
  steps: 4,
  steps_done: 0,
  assigned: false,
  due_on: null,
};
const ATTEMPT = {
  id: "attempt",
  lesson_id: "market",
  version: 1,
  title: "At the market",
  level: "A2",
  state: "open",
  draft: false,
  step: 0,
  steps: [],
  criteria: [],
  support: "usual",
  started_at: "2026-11-20T17:00:00Z",
  finished_at: null,
};
const DETAIL = {
  ...MARKET,
  objectives: [],
  phrases: [],
  vocabulary: [],
  visuals: [],
  lesson_steps: [],
  attempt: null,
};
const FACETS = { levels: [], areas: [], tasks: [], kinds: [], topics: ["Shopping"] };

function taken(openCall: string | null) {
  const takes_effect = openCall ? "after_this_call" : "next_call";
  return { attempt: ATTEMPT, resumed: false, takes_effect, open_call_id: openCall };
}

function routes(more: Routes = {}): Routes {
  return {
    ...SIGNED_IN,
    "GET /lessons": { body: { items: [MARKET], next_cursor: null } },
    "GET /lessons/facets": { body: FACETS },
    "GET /lessons/recommended": { body: { items: [] } },
    "GET /lessons/current": { body: { attempt: null } },
    "GET /lessons/market": { body: DETAIL },
    "POST /lessons/market/start": { body: taken(null) },
    "POST /lessons/attempts/attempt/leave": { body: taken(null) },
    ...more,
  };
}

describe("the catalogue of lessons", () => {
  it("says why a lesson comes next", async () => {
    const reason = { code: "weakest_skill", parameters: { skill: "interaction", percent: 25 } };
    pretendApi(routes({ "GET /lessons/recommended": { body: { items: [{ lesson: MARKET, reason }] } } }));
    open("/lessons");
    const first = await screen.findByTestId("recommended");
    expect(first).toHaveTextContent("For conversation, where you have shown least so far (25%)");
  });

  it("asks for what the filters say and keeps them in the address", async () => {
    const asked = vi.fn();
    pretendApi(
      routes({
        "GET /lessons": (request) => {
          asked(new URL(request.url).search);
          return { body: { items: [], next_cursor: null } };
        },
      }),
    );
    const router = open("/lessons");
    await userEvent.selectOptions(await screen.findByLabelText("Level"), "B1");
    expect(await screen.findByText("No lesson is like that")).toBeVisible();
    await waitFor(() => expect(asked).toHaveBeenLastCalledWith("?limit=24&level=B1"));
    expect(router.state.location.search).toEqual({ level: "B1" });
    await userEvent.click(screen.getByRole("button", { name: "Show all lessons" }));
    expect(await screen.findByText("No lessons yet")).toBeVisible();
  });

  it("lets one type on while what was typed is searched for, and forgets it where that is cleared", async () => {
    const asked = vi.fn();
    pretendApi(
      routes({
        "GET /lessons": (request) => {
          asked(new URL(request.url).searchParams.get("q"));
          return { body: { items: [], next_cursor: null } };
        },
      }),
    );
    open("/lessons");
    const box = await screen.findByRole("searchbox");
    await userEvent.type(box, "mark");
    await waitFor(() => expect(asked).toHaveBeenLastCalledWith("mark"));
    expect(box).toHaveFocus();
    await userEvent.keyboard("et");
    await waitFor(() => expect(asked).toHaveBeenLastCalledWith("market"));
    await userEvent.click(await screen.findByRole("button", { name: "Show all lessons" }));
    expect(await screen.findByText("No lessons yet")).toBeVisible();
    expect(box).toHaveValue("");
  });

  it("leads back to free talk", async () => {
    let attempt: typeof ATTEMPT | null = ATTEMPT;
    pretendApi(
      routes({
        "GET /lessons/current": () => ({ body: { attempt } }),
        "POST /lessons/attempts/attempt/leave": () => {
          attempt = null;
          return { body: taken(null) };
        },
      }),
    );
    open("/lessons");
    const next = await screen.findByTestId("current-lesson");
    await userEvent.click(within(next).getByRole("button", { name: "Talk freely instead" }));
    await waitFor(() => expect(screen.queryByTestId("current-lesson")).toBeNull());
  });
});

describe("a lesson", () => {
  it("is begun and leads to the talk", async () => {
    const mode = { body: { ...SESSION, mode: "lesson" } };
    const current = { body: { attempt: ATTEMPT } };
    pretendApi(routes({ "GET /sessions/default": mode, "GET /lessons/current": current }));
    const router = open("/lessons/market");
    await userEvent.click(await screen.findByRole("button", { name: "Start this lesson" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(await screen.findByTestId("current-lesson")).toHaveTextContent("At the market");
  });

  it("waits for the next call while one goes on", async () => {
    pretendApi(routes({ "POST /lessons/market/start": { body: taken("call") } }));
    const router = open("/lessons/market");
    await userEvent.click(await screen.findByRole("button", { name: "Start this lesson" }));
    expect(await screen.findByTestId("after-this-call")).toBeVisible();
    expect(router.state.location.pathname).toBe("/lessons/market");
  });

  it("says that it could not be started", async () => {
    pretendApi(routes({ "POST /lessons/market/start": refusal(503, "unavailable") }));
    open("/lessons/market");
    await userEvent.click(await screen.findByRole("button", { name: "Start this lesson" }));
    expect(await screen.findByTestId("start-failed")).toHaveTextContent("The server has a problem.");
  });

  it("that is not there says so", async () => {
    pretendApi(routes({ "GET /lessons/gone": refusal(404, "not_found") }));
    open("/lessons/gone");
    expect(await screen.findByRole("heading", { level: 1, name: "No such lesson" })).toBeVisible();
  });
});
