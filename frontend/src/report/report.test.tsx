import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { open, PREFERENCES, pretendApi, type Routes, SIGNED_IN } from "@/test/app";

afterEach(() => vi.unstubAllGlobals());

const CALL = {
  id: "c1",
  session_id: "s1",
  channel: "web",
  state: "closed",
  started_at: "2026-11-20T17:00:00Z",
  ended_at: "2026-11-20T17:10:00Z",
  close_reason: "learner_left",
  turn_count: 2,
  first_words: "",
};
const PENDING = { call_id: "c1", state: "pending", reason: null, content: null, written_by: null };
const READY = {
  ...PENDING,
  state: "ready",
  written_by: "rules",
  content: {
    talked_about: ["food"],
    went_well: [],
    work_on: [{ quote: "<b>She go</b>", better: "She goes", why: null, turn_id: "t1" }],
    practise_next: [],
    time: {
      call_seconds: 600,
      learner_seconds: 60,
      coach_seconds: 40,
      learner_share: 0.6,
      learner_words: 90,
      learner_turns: 9,
    },
    checked: true,
  },
};
const FACT = {
  id: "f1",
  kind: "home",
  text: "lives in Lima",
  quote: "I live in Lima.",
  call_id: "c1",
  turn_id: "t1",
  said_at: "2026-11-20T17:00:10Z",
};

describe("the report", () => {
  it("is asked for until it is written, and shows words as words", async () => {
    let asked = 0;
    const report = () => {
      asked += 1;
      return { body: asked === 1 ? PENDING : READY };
    };
    pretendApi({
      ...SIGNED_IN,
      "GET /calls/c1": { body: CALL },
      "GET /calls/c1/turns": { body: { items: [], next_cursor: null } },
      "GET /calls/c1/corrections": { body: { items: [], checked_turns: 0 } },
      "GET /users/me/calls/c1/comments": { body: { items: [] } },
      "GET /calls/c1/recording": {
        status: 404,
        body: { error: { code: "not_found", message: "", request_id: "" } },
      },
      "GET /calls/c1/report": report,
    });
    open("/calls/c1");
    expect(await screen.findByTestId("report-pending")).toBeVisible();
    const ready = await screen.findByTestId("report-ready", {}, { timeout: 15_000 });
    expect(within(ready).getByText("<b>She go</b>")).toBeVisible();
    expect(within(ready).getByText("You spoke 60%")).toBeVisible();
  });
});

describe("the coach's memory", () => {
  it("lets one thing go, and everything after asking", async () => {
    let items = [FACT, { ...FACT, id: "f2", kind: "work", text: "works as a nurse" }];
    const routes: Routes = {
      ...SIGNED_IN,
      "GET /users/me/memory": () => ({ body: { items, summary: "" } }),
      "DELETE /users/me/memory/f1": () => {
        items = items.filter((item) => item.id !== "f1");
        return { status: 200 };
      },
      "DELETE /users/me/memory": () => {
        items = [];
        return { status: 200 };
      },
    };
    pretendApi(routes);
    open("/account/conversation");
    await userEvent.click(await screen.findByRole("button", { name: "Forget: lives in Lima" }));
    await waitFor(() => expect(screen.queryByText("lives in Lima")).toBeNull());
    expect(screen.getByText("works as a nurse")).toBeVisible();
    await userEvent.click(screen.getByTestId("forget-all"));
    await userEvent.click(await screen.findByTestId("confirm"));
    expect(await screen.findByText(/Nothing yet/)).toBeVisible();
  });
});

describe("the voice", () => {
  it("is offered where there are several, and null is the usual one", async () => {
    const kept = { ...PREFERENCES, voice: "mia", voices: ["joe", "mia"] };
    const sent: unknown[] = [];
    pretendApi({
      ...SIGNED_IN,
      "GET /users/me/preferences": { body: kept },
      "PATCH /users/me/preferences": (request) => {
        void request.json().then((body) => sent.push(body));
        return { body: { ...kept, voice: null } };
      },
    });
    open("/account/conversation");
    expect(await screen.findByRole("radio", { name: "mia" })).toBeChecked();
    await userEvent.click(screen.getByRole("radio", { name: "The usual one" }));
    await waitFor(() => expect(sent).toEqual([{ voice: null }]));
    expect(screen.getByRole("radio", { name: "The usual one" })).toBeChecked();
  });
});
