import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { open, pretendApi, type Reply, refusal, SESSION, SIGNED_IN } from "@/test/app";

afterEach(() => vi.unstubAllGlobals());

const CALL = {
  id: "c1",
  session_id: SESSION.id,
  channel: "web",
  state: "closed",
  started_at: "2026-11-20T17:00:00Z",
  ended_at: "2026-11-20T17:09:00Z",
  close_reason: "learner_left",
  turn_count: 2,
  first_words: "She cook.",
};
const TURN = {
  id: "t1",
  item_id: "i1",
  position: 1,
  role: "learner",
  text: "She cook.",
  input_kind: "voice",
  interrupted: false,
  started_at: "2026-11-20T17:01:05Z",
  ended_at: "2026-11-20T17:01:09Z",
  words: [],
  timings: {},
  prompt_hash: null,
  llm: null,
};
const CORRECTION = {
  id: "k1",
  turn_id: "t1",
  start: 4,
  end: 8,
  original: "cook",
  replacement: "cooks",
  better: "She cooks.",
  category: "grammar",
  rule: "AVAAZ_THIRD_PERSON",
  explanation: "He, she and it: the verb takes an -s.",
  severity: "clear",
  confidence: 0.9,
  by_model: false,
  hidden_at: null as string | null,
  hidden_as: null as string | null,
};

function openCall(dismissal: () => Reply = () => ({ status: 204 })) {
  const found = { ...CORRECTION };
  const answered = (hidden: boolean) => () => {
    const reply = dismissal();
    if (reply.status === 204) {
      found.hidden_at = hidden ? "2026-11-20T18:00:00Z" : null;
      found.hidden_as = hidden ? "learner" : null;
    }
    return reply;
  };
  pretendApi({
    ...SIGNED_IN,
    "GET /calls/c1": { body: CALL },
    "GET /calls/c1/turns": { body: { items: [TURN], next_cursor: null } },
    "GET /calls/c1/recording": { body: { state: "none" } },
    "GET /calls/c1/report": refusal(404, "not_found"),
    "GET /users/me/calls/c1/comments": { body: { items: [] } },
    "GET /calls/c1/corrections": () => ({ body: { items: [{ ...found }], checked_turns: 1 } }),
    "PUT /corrections/k1/dismissal": answered(true),
    "DELETE /corrections/k1/dismissal": answered(false),
  });
  open("/calls/c1");
}

describe("corrections under a turn", () => {
  it("say what would be better and why, and are put away and brought back", async () => {
    openCall();
    const box = await screen.findByTestId("turn-corrections");
    expect(box).not.toHaveAttribute("open");
    await userEvent.click(within(box).getByText("1 thing to say better"));
    expect(within(box).getByText("She cooks.")).toBeVisible();
    expect(within(box).getByText("He, she and it: the verb takes an -s.")).toBeVisible();
    await userEvent.click(within(box).getByTestId("dismiss-correction"));
    expect(await within(box).findByText("You put a correction away as wrong.")).toBeVisible();
    expect(within(box).queryByText("She cooks.")).toBeNull();
    await userEvent.click(within(box).getByTestId("restore-correction"));
    expect(await within(box).findByText("She cooks.")).toBeVisible();
  });

  it("stay where putting them away fails, and say so", async () => {
    openCall(() => refusal(503, "unavailable"));
    const box = await screen.findByTestId("turn-corrections");
    await userEvent.click(within(box).getByText("1 thing to say better"));
    await userEvent.click(within(box).getByTestId("dismiss-correction"));
    expect(await within(box).findByRole("alert")).toHaveTextContent("That could not be kept.");
    expect(within(box).getByText("She cooks.")).toBeVisible();
  });
});
