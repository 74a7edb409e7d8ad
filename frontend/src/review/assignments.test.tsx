import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { open, pretendApi, type Routes, SIGNED_IN, USER } from "@/test/app";

afterEach(() => vi.unstubAllGlobals());

const LEARNER = "00000000-0000-0000-0000-0000000000c1";
const LESSON = { id: "market", title: "At the market", level: "A2" };
const ASSIGNMENT = {
  id: "a1",
  learner_id: LEARNER,
  author_name: "Ana",
  mine: true,
  title: "At the market",
  body: "",
  lesson_id: "market",
  lesson_title: "At the market",
  due_on: null,
  done_at: null,
  version: 1,
  created_at: "2026-11-20T10:00:00Z",
};
const nothing = { body: { items: [], next_cursor: null } };

it("a lesson is given to one learner, and names itself", async () => {
  const sent = vi.fn();
  const routes: Routes = {
    ...SIGNED_IN,
    "GET /users/me": { body: { ...USER, role: "instructor" } },
    [`GET /review/learners/${LEARNER}`]: {
      body: {
        learner: { id: LEARNER, name: "Maya", level: "A2", open_flags: 0, new_answers: 0 },
        programs: [],
        native_language: null,
        joined_at: "2026-11-01T10:00:00Z",
      },
    },
    [`GET /analytics/learners/${LEARNER}`]: { status: 503, body: {} },
    [`GET /review/learners/${LEARNER}/calls`]: nothing,
    [`GET /review/learners/${LEARNER}/lessons`]: nothing,
    [`GET /review/learners/${LEARNER}/assessments`]: nothing,
    [`GET /review/learners/${LEARNER}/extra-time`]: { body: { extra_time_percent: 0 } },
    [`GET /review/learners/${LEARNER}/objectives`]: nothing,
    [`GET /review/learners/${LEARNER}/assignments`]: nothing,
    "GET /lessons": { body: { items: [LESSON], next_cursor: null } },
    [`POST /review/learners/${LEARNER}/assignments`]: (request) => {
      void request.clone().json().then(sent);
      return { status: 201, body: ASSIGNMENT };
    },
  };
  pretendApi(routes);
  open(`/review/learners/${LEARNER}`);
  await userEvent.click(await screen.findByTestId("assign"));
  const form = screen.getByTestId("assign-form");
  expect(within(form).getByRole("button", { name: "Assign" })).toBeDisabled();
  await userEvent.selectOptions(await within(form).findByLabelText("Lesson (if any)"), "market");
  await userEvent.click(within(form).getByRole("button", { name: "Assign" }));
  await waitFor(() =>
    expect(sent).toHaveBeenCalledWith({
      title: "At the market",
      body: "",
      due_on: null,
      lesson_id: "market",
    }),
  );
});

it("leads the learner to the lesson that they were given", async () => {
  pretendApi({
    ...SIGNED_IN,
    "GET /sessions/00000000-0000-0000-0000-00000000000a/calls": nothing,
    "GET /users/me/assignments": { body: { items: [ASSIGNMENT], next_cursor: null } },
  });
  open("/history");
  const link = await screen.findByRole("link", { name: "Go to the lesson" });
  expect(link).toHaveAttribute("href", "/lessons/market");
});
