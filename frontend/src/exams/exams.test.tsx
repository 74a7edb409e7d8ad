import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CONSENT, open, pretendApi, type Routes, refusal, SESSION, SIGNED_IN, USER } from "@/test/app";

afterEach(() => vi.unstubAllGlobals());

const PART = {
  key: "interview",
  kind: "interview",
  title: "About you",
  scored: true,
  dimensions: ["fluency"],
  instructions_s: 9,
  preparation_s: 0,
  speaking_s: 90,
};
const EXAM = {
  key: "a2-b1",
  version: 1,
  title: "Mock oral exam, A2 to B1",
  description: "Questions about yourself.",
  from_level: "A2",
  target_level: "B1",
  minutes: 11,
  on_phone: false,
  parts: [
    { ...PART, key: "warm-up", title: "Warm-up", scored: false, dimensions: [], speaking_s: 30 },
    PART,
    { ...PART, key: "together", kind: "pair", title: "Talk together", preparation_s: 15, speaking_s: 120 },
  ],
};
const HARDER = { ...EXAM, key: "b1-b2", from_level: "B1", target_level: "B2" };
const ATTEMPT = {
  id: "attempt",
  exam: "a2-b1",
  version: 1,
  title: "Mock oral exam, A2 to B1",
  from_level: "A2",
  target_level: "B1",
  state: "waiting",
  extra_time_percent: 0,
  extra_time_granted: false,
  audio_consent: false,
  created_at: "2026-11-20T17:00:00Z",
  started_at: null,
  ended_at: null,
};
const DETAIL = {
  ...ATTEMPT,
  now: "2026-11-20T17:00:00Z",
  view: { attempt_id: "attempt", title: "", state: "waiting", parts: [] },
  total_remaining_s: 600,
  phases: [],
  tasks: [],
  call_ids: [],
};

function exams(more: object = {}) {
  return {
    body: { items: [EXAM, HARDER], open_attempt_id: null, granted_extra_time_percent: 0, ...more },
  };
}

function routes(more: Routes = {}): Routes {
  return {
    ...SIGNED_IN,
    "GET /exams": exams(),
    "GET /exams/attempts": { body: { items: [], next_cursor: null } },
    "GET /exams/attempts/attempt": { body: DETAIL },
    "GET /assessments": { body: { items: [], next_cursor: null } },
    "POST /exams/attempts": { status: 201, body: DETAIL },
    "POST /exams/attempts/attempt/stop": { body: { ...DETAIL, state: "stopped" } },
    ...more,
  };
}

/** What was sent to begin an exam. */
async function begun(answer: ReturnType<typeof pretendApi>): Promise<unknown> {
  const requests = answer.mock.calls.map(([request]) => request as Request);
  return requests
    .find((one) => one.method === "POST" && one.url.endsWith("/exams/attempts"))
    ?.clone()
    .json();
}

describe("the list of mock exams", () => {
  it("marks the one for the learner's level", async () => {
    pretendApi(routes());
    open("/exams");
    const cards = within(await screen.findByTestId("exams")).getAllByTestId("exam");
    expect(cards).toHaveLength(2);
    await waitFor(() => expect(cards[0]).toHaveTextContent("For your level"));
    expect(cards[1]).not.toHaveTextContent("For your level");
    expect(screen.getByText("You have not sat one yet.")).toBeVisible();
  });

  it("says what became of each exam, with the level of what was judged", async () => {
    const sat = [
      { ...ATTEMPT, id: "one", state: "finished" },
      { ...ATTEMPT, id: "two", state: "finished", extra_time_percent: 25 },
      { ...ATTEMPT, id: "three", state: "expired" },
    ];
    const judged = [
      { attempt_id: "one", state: "ready", level: "B1" },
      { attempt_id: "two", state: "ready", level: null },
    ];
    pretendApi(
      routes({
        "GET /exams/attempts": { body: { items: sat, next_cursor: null } },
        "GET /assessments": { body: { items: judged, next_cursor: null } },
      }),
    );
    open("/exams");
    const rows = within(await screen.findByTestId("attempts")).getAllByRole("listitem");
    await waitFor(() => expect(rows[0]).toHaveTextContent("About B1"));
    expect(rows[0]).not.toHaveTextContent("more time");
    expect(rows[1]).toHaveTextContent("Not enough to judge");
    expect(rows[1]).toHaveTextContent("25% more time");
    expect(rows[2]).toHaveTextContent("Never begun");
    expect(within(rows[0] as HTMLElement).getByRole("link")).toHaveAttribute("href", "/exams/attempts/one");
    expect(within(rows[2] as HTMLElement).queryByRole("link")).toBeNull();
  });

  it("has an open exam given up only after a question", async () => {
    let opened: string | null = "attempt";
    pretendApi(
      routes({
        "GET /exams": () => exams({ open_attempt_id: opened }),
        "POST /exams/attempts/attempt/stop": () => {
          opened = null;
          return { body: { ...DETAIL, state: "stopped" } };
        },
      }),
    );
    open("/exams");
    expect(await screen.findByTestId("open-exam")).toHaveTextContent("Your next call is an exam");
    await userEvent.click(screen.getByTestId("give-up"));
    expect(opened).toBe("attempt");
    await userEvent.click(await screen.findByTestId("confirm"));
    await waitFor(() => expect(screen.queryByTestId("open-exam")).toBeNull());
  });

  it("that cannot be loaded says so", async () => {
    pretendApi(routes({ "GET /exams": refusal(503, "unavailable") }));
    open("/exams");
    expect(await screen.findByTestId("failure")).toHaveTextContent("The mock exams could not be loaded.");
  });
});

describe("one mock exam", () => {
  it("says what awaits the learner", async () => {
    pretendApi(routes());
    open("/exams/a2-b1");
    const parts = within(await screen.findByTestId("parts")).getAllByRole("listitem");
    expect(parts[0]).toHaveTextContent("Does not count");
    expect(parts[1]).toHaveTextContent("1:30 minutes to speak");
    expect(parts[2]).toHaveTextContent("15 seconds to prepare");
    expect(parts[2]).toHaveTextContent("The coach plays the other candidate");
    expect(screen.getByText("Fluency")).toBeVisible();
    expect(screen.queryByText("Coherence")).toBeNull();
    expect(screen.getByTestId("not-official")).toHaveTextContent("no result of any official exam");
  });

  it("is begun once it is said what becomes of its sound", async () => {
    const answer = pretendApi(routes());
    const router = open("/exams/a2-b1");
    await userEvent.click(await screen.findByTestId("start-exam"));
    expect(await screen.findByRole("alert")).toHaveTextContent("Please choose one of the two.");
    expect(await begun(answer)).toBeUndefined();
    await userEvent.click(screen.getByLabelText("Hold it until it is scored"));
    await userEvent.click(screen.getByLabelText("A quarter more time to prepare and to speak"));
    await userEvent.click(screen.getByTestId("start-exam"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(await screen.findByTestId("call-button")).toBeVisible();
    expect(await begun(answer)).toEqual({ exam: "a2-b1", audio_consent: true, extra_time_percent: 25 });
  });

  it("asks nothing of who has their calls recorded, nor of time that the school gives", async () => {
    const answer = pretendApi(
      routes({
        "GET /exams": exams({ granted_extra_time_percent: 50 }),
        "GET /users/me/recording-consent": { body: { ...CONSENT, granted: true } },
      }),
    );
    open("/exams/a2-b1");
    expect(await screen.findByText(/50% more time/)).toBeVisible();
    expect(screen.queryByTestId("sound")).toBeNull();
    await userEvent.click(screen.getByTestId("start-exam"));
    expect(await screen.findByTestId("call-button")).toBeVisible();
    expect(await begun(answer)).toEqual({ exam: "a2-b1", audio_consent: false });
  });

  it("waits for the next call while one goes on", async () => {
    const inCall = { ...SESSION, open_call: { id: "call", started_at: "2026-11-20T17:00:00Z" } };
    pretendApi(
      routes({
        "GET /sessions/default": { body: inCall },
        "GET /users/me/recording-consent": { body: { ...CONSENT, granted: true } },
      }),
    );
    const router = open("/exams/a2-b1");
    await userEvent.click(await screen.findByTestId("start-exam"));
    expect(await screen.findByTestId("after-this-call")).toBeVisible();
    expect(router.state.location.pathname).toBe("/exams/a2-b1");
  });

  it("leads to the one that is open already", async () => {
    let opened: string | null = null;
    pretendApi(
      routes({
        "GET /exams": () => exams({ open_attempt_id: opened }),
        "GET /users/me/recording-consent": { body: { ...CONSENT, granted: true } },
        "POST /exams/attempts": () => {
          opened = "attempt";
          return refusal(409, "exam_open");
        },
      }),
    );
    open("/exams/a2-b1");
    await userEvent.click(await screen.findByTestId("start-exam"));
    expect(await screen.findByTestId("open-exam")).toHaveTextContent("Your next call is an exam");
    expect(screen.getByText(/You have an exam open/)).toBeVisible();
  });

  it("that is not there says so", async () => {
    pretendApi(routes());
    open("/exams/c1-c2");
    expect(await screen.findByRole("heading", { level: 1, name: "No such mock exam" })).toBeVisible();
  });
});

describe("the way to the call", () => {
  it("says that an exam comes", async () => {
    pretendApi(
      routes({
        "GET /exams": exams({ open_attempt_id: "attempt" }),
        "GET /sessions/default": { body: { ...SESSION, mode: "exam" } },
      }),
    );
    open("/");
    expect(await screen.findByTestId("open-exam")).toHaveTextContent("Mock oral exam, A2 to B1");
  });
});

describe("extra time", () => {
  const LEARNER = "/review/learners/maya";
  const nothing = { body: { items: [], next_cursor: null } };
  const learner = { id: "maya", name: "Maya", level: "A2", open_flags: 0, new_answers: 0 };

  it("is granted by an instructor on the learner's page", async () => {
    let granted = 0;
    pretendApi(
      routes({
        "GET /users/me": { body: { ...USER, role: "instructor" } },
        [`GET ${LEARNER}`]: {
          body: { learner, programs: [], native_language: null, joined_at: "2026-11-01T10:00:00Z" },
        },
        "GET /analytics/learners/maya": refusal(503, "unavailable"),
        [`GET ${LEARNER}/calls`]: nothing,
        [`GET ${LEARNER}/lessons`]: nothing,
        [`GET ${LEARNER}/objectives`]: nothing,
        [`GET ${LEARNER}/assignments`]: nothing,
        [`GET ${LEARNER}/assessments`]: nothing,
        [`GET ${LEARNER}/extra-time`]: { body: { extra_time_percent: 0 } },
        [`PUT ${LEARNER}/extra-time`]: () => {
          granted = 50;
          return { body: { extra_time_percent: 50 } };
        },
      }),
    );
    open(LEARNER);
    const choice = await screen.findByLabelText("More time to prepare and to speak");
    expect(choice).toHaveDisplayValue("None");
    await userEvent.selectOptions(choice, "50% more");
    expect(await screen.findByText("Saved")).toBeVisible();
    expect(choice).toHaveDisplayValue("50% more");
    expect(granted).toBe(50);
  });
});
