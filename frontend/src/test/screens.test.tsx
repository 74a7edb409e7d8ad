import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseLocale } from "@/i18n";
import { open, pretendApi, refusal, SESSION, SIGNED_IN, USER } from "./app";

afterEach(() => {
  chooseLocale("en");
  vi.unstubAllGlobals();
});

const CALL = {
  id: "00000000-0000-0000-0000-0000000000c1",
  session_id: SESSION.id,
  channel: "web",
  state: "closed",
  started_at: "2026-11-20T17:00:00Z",
  ended_at: "2026-11-20T17:09:00Z",
  close_reason: "learner_left",
  turn_count: 2,
  first_words: "I went to the market.",
};

const turn = (position: number, more: object) => ({
  id: `00000000-0000-0000-0000-00000000000${position}`,
  item_id: `i${position}`,
  position,
  role: "learner",
  text: "I went to the market.",
  input_kind: "voice",
  interrupted: false,
  started_at: "2026-11-20T17:01:05Z",
  ended_at: "2026-11-20T17:01:09Z",
  words: [],
  timings: {},
  prompt_hash: null,
  llm: null,
  ...more,
});

describe("signing in", () => {
  it("is where a stranger is led, and it leads back to the page asked for", async () => {
    const routes = { ...SIGNED_IN, "GET /users/me": refusal(401, "unauthenticated") } as typeof SIGNED_IN;
    routes["POST /auth/login"] = () => {
      routes["GET /users/me"] = { body: USER };
      return { status: 204 };
    };
    routes[`GET /sessions/${SESSION.id}/calls`] = { body: { items: [], next_cursor: null } };
    pretendApi(routes);
    const router = open("/history");
    await userEvent.type(await screen.findByLabelText("E-mail"), "maya@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "Speak-easy-9");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "Past calls" })).toBeVisible();
    expect(router.state.location.pathname).toBe("/history");
  });

  it("says plainly that the credentials do not match", async () => {
    pretendApi({ "POST /auth/login": refusal(401, "wrong_credentials") });
    open("/sign-in");
    await userEvent.type(await screen.findByLabelText("E-mail"), "maya@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("do not match an account");
  });

  it("fills in a demonstration account on a local installation", async () => {
    const demo = { role: "learner", email: "learner@example.com", password: "Speak-easy-1" };
    pretendApi({
      "GET /config": { body: { version: "1", embedded: true, demo_accounts: [demo], coach: "guided" } },
    });
    open("/sign-in");
    await userEvent.click(await screen.findByRole("button", { name: /Fill in learner/ }));
    expect(screen.getByLabelText("E-mail")).toHaveValue(demo.email);
    expect(screen.getByLabelText("Password")).toHaveValue(demo.password);
  });

  it("never leads to another site", async () => {
    const routes = { ...SIGNED_IN, "POST /auth/login": { status: 204 } };
    pretendApi(routes);
    const router = open("/sign-in?next=//evil.example/");
    await userEvent.type(await screen.findByLabelText("E-mail"), "maya@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "Speak-easy-9");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("button", { name: "Start talking" })).toBeVisible();
    expect(router.state.location.pathname).toBe("/");
  });
});

describe("talking", () => {
  it("offers the way back into a call that is open elsewhere", async () => {
    const session = { ...SESSION, open_call: { id: CALL.id, started_at: CALL.started_at } };
    pretendApi({ ...SIGNED_IN, "GET /sessions/default": { body: session } });
    open("/");
    expect(await screen.findByRole("button", { name: "Go on with the call" })).toBeVisible();
    expect(screen.getByText("You are still in a call")).toBeVisible();
  });

  it("names an insecure address and lets the learner type instead", async () => {
    pretendApi(SIGNED_IN);
    vi.stubGlobal("isSecureContext", false);
    open("/");
    await userEvent.click(await screen.findByRole("button", { name: "Start talking" }));
    const alert = await screen.findByTestId("problem-insecure_origin");
    expect(within(alert).getByRole("button", { name: "Type instead" })).toBeVisible();
  });

  it("saves patience, and takes the choice back when it was not saved", async () => {
    pretendApi({ ...SIGNED_IN, "PATCH /users/me/preferences": refusal(500, "internal_error") });
    open("/");
    await screen.findByRole("button", { name: "Start talking" });
    await vi.waitFor(() => expect(screen.getByLabelText("Balanced")).toBeEnabled());
    await userEvent.click(screen.getByLabelText("Patient"));
    expect(await screen.findByRole("alert")).toHaveTextContent("not saved");
    expect(screen.getByLabelText("Balanced")).toBeChecked();
  });

  it("leads to sign-in when the session ends, and says why", async () => {
    const routes = { ...SIGNED_IN, "GET /sessions/default": refusal(401, "unauthenticated") };
    pretendApi(routes);
    const router = open("/");
    expect(await screen.findByText(/Your session has ended/)).toBeVisible();
    expect(router.state.location.search).toEqual({ next: "/", expired: true });
  });
});

describe("past calls", () => {
  const calls = `GET /sessions/${SESSION.id}/calls`;

  it("say so when there are none", async () => {
    pretendApi({ ...SIGNED_IN, [calls]: { body: { items: [], next_cursor: null } } });
    open("/history");
    expect(await screen.findByText("No calls yet")).toBeVisible();
  });

  it("come page by page", async () => {
    pretendApi({
      ...SIGNED_IN,
      [calls]: (request) => {
        const second = new URL(request.url).searchParams.get("cursor") === "next";
        const items = second ? [{ ...CALL, id: `${CALL.id.slice(0, -1)}2`, first_words: "Older." }] : [CALL];
        return { body: { items, next_cursor: second ? null : "next" } };
      },
    });
    open("/history");
    expect(await screen.findByText("I went to the market.")).toBeVisible();
    expect(screen.getByText("9 minutes")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("Older.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("that cannot be loaded give the reference and another try", async () => {
    const routes = { ...SIGNED_IN, [calls]: refusal(500, "internal_error") };
    pretendApi(routes);
    open("/history");
    expect(await screen.findByText("Reference req-1")).toBeVisible();
    routes[calls] = { body: { items: [CALL], next_cursor: null } } as never;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("I went to the market.")).toBeVisible();
  });
});

describe("a transcript", () => {
  it("shows who said what and when, with its marks", async () => {
    const items = [
      turn(0, { role: "coach", text: "What did you", interrupted: true }),
      turn(1, { words: [{ word: "market", start: 0, end: 1, confidence: 0.2 }] }),
      turn(2, { text: "mermelada", input_kind: "text" }),
    ];
    pretendApi({
      ...SIGNED_IN,
      [`GET /calls/${CALL.id}`]: { body: CALL },
      [`GET /calls/${CALL.id}/turns`]: { body: { items, next_cursor: null } },
      [`GET /users/me/calls/${CALL.id}/comments`]: { body: { items: [] } },
      [`GET /calls/${CALL.id}/recording`]: { body: { state: "none" } },
      [`GET /calls/${CALL.id}/report`]: refusal(404, "not_found"),
      [`GET /calls/${CALL.id}/corrections`]: { body: { items: [], checked_turns: 2 } },
    });
    open(`/calls/${CALL.id}`);
    const [coach, spoken, typed] = within(await screen.findByTestId("turns")).getAllByRole("listitem");
    expect(coach).toHaveTextContent("Coach1:05InterruptedWhat did you");
    expect(spoken).toHaveTextContent("I went to the market.");
    expect(within(spoken as HTMLElement).getByTitle(/was not sure it heard/)).toHaveTextContent("market");
    expect(typed).toHaveTextContent("Typed");
    expect(screen.getByText(/says nothing about how you spoke/)).toBeVisible();
  });

  it("of another's call does not exist", async () => {
    pretendApi({ ...SIGNED_IN, [`GET /calls/${CALL.id}`]: refusal(404, "not_found") });
    open(`/calls/${CALL.id}`);
    expect(await screen.findByText("There is no such call")).toBeVisible();
  });
});

describe("everywhere", () => {
  it("the language can be changed, and the page says which it is", async () => {
    const answer = pretendApi({ ...SIGNED_IN, "PATCH /users/me": { body: { ...USER, locale: "es" } } });
    open("/");
    await userEvent.click(await screen.findByRole("button", { name: "Settings and account" }));
    await userEvent.click(await screen.findByRole("radio", { name: "Español" }));
    expect(await screen.findByRole("button", { name: "Empezar a hablar", hidden: true })).toBeVisible();
    expect(document.documentElement).toHaveAttribute("lang", "es");
    expect(answer.mock.calls.some(([request]) => (request as Request).method === "PATCH")).toBe(true);
  });

  it("a language chosen in another tab is taken over", async () => {
    pretendApi(SIGNED_IN);
    open("/history");
    await screen.findByRole("heading", { level: 1 });
    window.dispatchEvent(new StorageEvent("storage", { key: "avaaz.locale", newValue: "es" }));
    await vi.waitFor(() => expect(document.documentElement).toHaveAttribute("lang", "es"));
    window.dispatchEvent(new StorageEvent("storage", { key: "avaaz.locale", newValue: "nowhere" }));
    expect(document.documentElement).toHaveAttribute("lang", "es");
  });

  it("an unknown address says so and leads home", async () => {
    pretendApi(SIGNED_IN);
    open("/nowhere");
    expect(await screen.findByRole("heading", { name: "Nothing to hear here" })).toBeVisible();
    expect(screen.getByRole("link", { name: "Back to talking" })).toHaveAttribute("href", "/");
  });
});
