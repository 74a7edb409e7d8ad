import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ONBOARDING, open, pretendApi, type Routes, refusal, SIGNED_IN } from "@/test/app";

const ID = "00000000-0000-0000-0000-0000000000f1";
const PLACEMENT = {
  id: ID,
  kind: "typed",
  state: "running",
  level: null,
  reasons: [],
  words: 0,
  tasks: [
    { key: "about-you", title: "About you", instructions: "", question: "Who are you?", easier: "" },
    { key: "a-view", title: "A view", instructions: "", question: "What is your view?", easier: "" },
  ],
  created_at: "2026-11-20T10:00:00Z",
  finished_at: null,
};
const JUDGED = {
  ...PLACEMENT,
  state: "scored",
  level: "B1",
  tasks: [],
  words: 80,
  reasons: [
    { measure: "length", level: "B1", value: 24.5, found: [], quote: "I live in a small town." },
    { measure: "structures", level: "B1", value: 3, found: ["condition", "past"], quote: "If I had time." },
    { measure: "vocabulary", level: "A2", value: 6, found: ["market"], quote: null },
  ],
};

function begin(routes: Routes = {}) {
  const bodies: Record<string, unknown[]> = {};
  const note =
    (name: string, body: unknown, status = 200) =>
    (request: Request) => {
      bodies[name] ??= [];
      void request
        .clone()
        .json()
        .then((sent) => bodies[name]?.push(sent));
      return { status, body };
    };
  pretendApi({
    ...SIGNED_IN,
    "PATCH /users/me/onboarding": note("told", ONBOARDING),
    "PUT /practice/goal": note("weekly", undefined, 204),
    "PUT /users/me/level": note("level", { level: "B2", source: "chosen", history: [] }),
    "POST /users/me/placements": note("begun", PLACEMENT, 201),
    [`POST /users/me/placements/${ID}/answers`]: note("answers", JUDGED),
    [`GET /users/me/placements/${ID}`]: { body: JUDGED },
    ...routes,
  });
  return bodies;
}

const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));

it("can be left out, and is not asked again", async () => {
  const bodies = begin();
  const router = open("/begin");
  await press("Not now");
  expect(await screen.findByRole("button", { name: "Start talking" })).toBeVisible();
  expect(bodies.told).toEqual([{ done: true }]);
  expect(router.state.location.pathname).toBe("/");
});

it("says so where it cannot be left out", async () => {
  begin({ "PATCH /users/me/onboarding": refusal(503, "unavailable") });
  const router = open("/begin");
  await press("Not now");
  expect(await screen.findByTestId("refusal")).toHaveTextContent("The server has a problem.");
  expect(router.state.location.pathname).toBe("/begin");
});

it("goes on from the heading of the next step", async () => {
  begin();
  open("/begin");
  await press("Go on");
  expect(
    await screen.findByRole("heading", { level: 1, name: "How much English have you got?" }),
  ).toHaveFocus();
});

it("keeps the goal, then takes a level that the learner knows", async () => {
  const bodies = begin();
  open("/begin");
  await userEvent.click(await screen.findByRole("radio", { name: "Work" }));
  await userEvent.type(screen.getByLabelText("In your own words"), " to talk with customers ");
  await userEvent.click(screen.getByRole("radio", { name: "1 hour" }));
  await press("Go on");
  await screen.findByRole("heading", { name: "How much English have you got?" });
  expect(bodies.told).toEqual([{ native_language: null, goal_kind: "work", goal: "to talk with customers" }]);
  expect(bodies.weekly).toEqual([{ minutes: 60 }]);
  expect(screen.getByRole("button", { name: "Go on" })).toBeDisabled();
  const levels = within(screen.getByTestId("level")).getAllByRole("radio");
  await userEvent.click(levels[3] as HTMLElement);
  await press("Go on");
  expect(await screen.findByRole("button", { name: "Start talking" })).toBeVisible();
  expect(bodies.level).toEqual([{ level: "B2" }]);
});

it("finds the level from written answers, says why, and changes it with one tap", async () => {
  const bodies = begin();
  open("/begin?step=level");
  await press("By writing");
  expect(await screen.findByRole("button", { name: "Find my level" })).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Who are you\?/), "I live in a small town.");
  await press("Find my level");
  expect(await screen.findByRole("heading", { name: "Your level is B1" })).toBeVisible();
  expect(bodies.begun).toEqual([{ kind: "typed" }]);
  expect(bodies.answers).toEqual([{ answers: [{ task: "about-you", text: "I live in a small town." }] }]);
  const reasons = within(screen.getByTestId("reasons"));
  expect(reasons.getByText("Your longest answers had about 25 words.")).toBeVisible();
  expect(reasons.getByText("I live in a small town.")).toBeVisible();
  expect(reasons.getByText("What you built: conditions with if, the past")).toBeVisible();
  const levels = within(screen.getByTestId("level")).getAllByRole("radio");
  expect(levels[2]).toBeChecked();
  await userEvent.click(levels[3] as HTMLElement);
  expect(await screen.findByRole("heading", { name: "Your level is B2" })).toBeVisible();
  expect(bodies.level).toEqual([{ level: "B2" }]);
});

it("says that too little was written", async () => {
  begin({
    [`GET /users/me/placements/${ID}`]: { body: { ...JUDGED, state: "refused", level: null, reasons: [] } },
  });
  open(`/begin?placement=${ID}`);
  expect(await screen.findByRole("heading", { name: "That was too little to tell" })).toBeVisible();
});

it("waits for a spoken placement and leads to the call", async () => {
  begin({ [`GET /users/me/placements/${ID}`]: { body: { ...PLACEMENT, kind: "spoken", tasks: [] } } });
  const router = open(`/begin?placement=${ID}`);
  expect(await screen.findByRole("heading", { name: "Ready to talk" })).toBeVisible();
  await press("To the call");
  expect(await screen.findByRole("button", { name: "Start talking" })).toBeVisible();
  expect(router.state.location.pathname).toBe("/");
});

it("shows what stands in the way", async () => {
  begin({ "GET /users/me/onboarding": refusal(503, "unavailable") });
  open("/begin");
  expect(await screen.findByTestId("failure")).toBeVisible();
});

it("sends strangers to the sign-in", async () => {
  pretendApi({});
  const router = open("/begin", { known: false });
  await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
});
