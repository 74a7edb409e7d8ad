import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { open, pretendApi, type Routes, refusal, SIGNED_IN, USER } from "@/test/app";
import { measureText } from "./measures";
import { callsOf, neighbours, reach, soundOf, sureness } from "./words";

const ATTEMPT = "00000000-0000-0000-0000-00000000ea01";
const LEARNER = "00000000-0000-0000-0000-000000000005";
const AT = `/exams/attempts/${ATTEMPT}`;
const FIVE = ["fluency", "pronunciation", "grammar", "vocabulary", "coherence"] as const;

const dimension = (name: string, score: number | null, more = {}) => ({
  dimension: name,
  score,
  confidence: score === null ? 0 : 0.8,
  level: score === null ? null : "B1",
  refused: score === null ? "no_audio" : null,
  reasons: [],
  evidence: [],
  measures: [],
  ...more,
});

const assessment = (more = {}) => ({
  attempt_id: ATTEMPT,
  state: "ready",
  scored_at: "2026-11-20T17:13:05Z",
  version: "judging-1",
  band_table: "bands-1",
  dimensions: FIVE.map((name) => dimension(name, name === "pronunciation" ? null : 3.2)),
  level: "B1",
  level_confidence: 0.6,
  target_level: "B1",
  refused: null,
  flags: [],
  notes: [],
  readiness: [],
  phones: [],
  improvement: null,
  practise: [],
  sound: "none",
  review: null,
  ...more,
});

const mark = (more = {}) => ({
  id: "00000000-0000-0000-0000-0000000000d1",
  dimension: "grammar",
  score: 3.5,
  reason: "Past forms hold.",
  version: 1,
  author_id: USER.id,
  author_name: "Tom",
  mine: true,
  counts: true,
  blind: true,
  machine_score: 3.2,
  created_at: "2026-11-21T09:10:00Z",
  ...more,
});

const marks = (items: unknown[] = [], teaching = false) => ({
  attempt_id: ATTEMPT,
  title: "Mock exam",
  target_level: "B1",
  sat_at: "2026-11-20T17:00:00Z",
  learner_id: teaching ? LEARNER : USER.id,
  learner_name: "Maya",
  mine: !teaching,
  may_mark: teaching,
  items,
});

const nothing = { body: { items: [], next_cursor: null } };

const result = (told: unknown, given: unknown, role = "learner"): Routes => ({
  ...SIGNED_IN,
  "GET /users/me": { body: { ...USER, role } },
  [`GET ${AT}/assessment`]: { body: told },
  [`GET ${AT}/marks`]: { body: given },
  "GET /assessments": nothing,
  [`GET /review/learners/${LEARNER}/assessments`]: nothing,
});

describe("an estimate", () => {
  it("says its neighbours where it is not sure, and none beyond the scale", () => {
    expect(neighbours("B1", 0.6)).toEqual(["A2", "B2"]);
    expect(neighbours("B2", 0.6)).toEqual(["B1"]);
    expect(neighbours("below_A1", 0.3)).toEqual(["A1"]);
    expect(neighbours("B1", 0.8)).toEqual([]);
    expect([0.9, 0.75, 0.74, 0.5, 0.49].map(sureness)).toEqual([
      "sure",
      "sure",
      "likely",
      "likely",
      "unsure",
    ]);
  });

  it("reaches further the less sure it is", () => {
    expect(reach(1)).toBe(0.5);
    expect(reach(0)).toBe(1.5);
    expect(reach(2)).toBe(0.5);
  });

  it("knows the sounds of English without their stress", () => {
    expect(soundOf("IH0")).toEqual(["ɪ", "sit"]);
    expect(soundOf("X")).toBeNull();
  });

  it("tells shares in percent, and the units of figures it does not know", () => {
    expect(measureText({ name: "clean_share", value: 0.66, unit: "" }, "en")).toBe("66%");
    expect(measureText({ name: "mean_run", value: 6.24, unit: "syllables" }, "en")).toBe("6.24");
    expect(measureText({ name: "brand_new", value: 2, unit: "Hz" }, "en")).toBe("2 Hz");
  });

  it("names each recording once", () => {
    const at = (call_id: string | null) => ({ call_id, quote: "", says: "", helps: true });
    const told = assessment({
      dimensions: [dimension("fluency", 3, { evidence: [at("a"), at("a"), at(null), at("b")] })],
    });
    expect(callsOf(told as Parameters<typeof callsOf>[0])).toEqual(["a", "b"]);
  });
});

describe("the learner's result", () => {
  it("opens what a score rests on, and says why another was refused", async () => {
    pretendApi(result(assessment(), marks([mark({ mine: false })])));
    open(AT);
    const user = userEvent.setup();
    const dial = await screen.findByTestId("dial-grammar");
    expect(dial).toHaveTextContent("3.2");
    expect(dial).toHaveTextContent("Teacher: 3.5");
    await user.click(dial);
    expect(dial).toHaveAttribute("aria-expanded", "true");
    expect(within(screen.getByTestId("detail")).getByTestId("given-mark")).toHaveTextContent(
      "Past forms hold.",
    );
    await user.click(screen.getByTestId("dial-pronunciation"));
    expect(screen.getByTestId("dimension-refused")).toHaveTextContent("never judged from text");
    expect(screen.queryByTestId("own-marks")).toBeNull();
  });

  it("waits for a result that is worked out, and shows it when it is there", async () => {
    const routes = result(assessment({ state: "scoring", dimensions: [], level: null }), marks());
    pretendApi(routes);
    open(AT);
    await screen.findByTestId("scoring");
    routes[`GET ${AT}/assessment`] = { body: assessment() };
    await screen.findByTestId("verdict", {}, { timeout: 15_000 });
  });

  it("sends a wish that a person looks, with a note", async () => {
    const sent = vi.fn();
    const asked = { asked_at: "2026-11-21T10:00:00Z", note: "Too loud here." };
    const routes = result(assessment(), marks());
    routes[`POST ${AT}/review-request`] = (request) => {
      void request.clone().json().then(sent);
      routes[`GET ${AT}/assessment`] = { body: assessment({ review: asked }) };
      return { status: 201, body: asked };
    };
    pretendApi(routes);
    open(AT);
    const user = userEvent.setup();
    await user.click(await screen.findByTestId("ask-review"));
    await user.type(screen.getByRole("textbox"), "Too loud here.");
    await user.click(screen.getByTestId("send-review"));
    await screen.findByTestId("review-asked");
    expect(sent).toHaveBeenCalledWith({ note: "Too loud here." });
  });
});

describe("the instructor's marks", () => {
  it("are given before the machine's are seen, and need a reason", async () => {
    const sent = vi.fn();
    const routes = result(assessment(), marks([], true), "instructor");
    routes[`POST ${AT}/marks`] = (request) => {
      void request.clone().json().then(sent);
      routes[`GET ${AT}/marks`] = { body: marks([mark()], true) };
      return { status: 201, body: mark() };
    };
    pretendApi(routes);
    open(AT);
    const user = userEvent.setup();
    const row = await screen.findByTestId("mark-grammar");
    expect(screen.getByTestId("hidden-judgement")).toBeVisible();
    expect(screen.queryByTestId("dials")).toBeNull();
    await user.click(within(row).getByRole("button"));
    await user.click(within(row).getByRole("button", { name: "Save" }));
    expect(within(row).getByText("A mark needs a reason.")).toBeVisible();
    expect(sent).not.toHaveBeenCalled();
    await user.type(within(row).getByRole("textbox"), "Past forms hold.");
    await user.click(within(row).getByRole("button", { name: "Save" }));
    await within(row).findByTestId("given-mark");
    expect(sent).toHaveBeenCalledWith({
      dimension: "grammar",
      version: 0,
      blind: true,
      score: 2.5,
      reason: "Past forms hold.",
    });
    await user.click(screen.getByTestId("reveal"));
    expect(await screen.findByTestId("dials")).toBeVisible();
  });

  it("changed elsewhere are shown before they are changed again", async () => {
    const routes = result(assessment(), marks([mark()], true), "instructor");
    routes[`POST ${AT}/marks`] = refusal(409, "changed_meanwhile");
    pretendApi(routes);
    open(AT);
    const user = userEvent.setup();
    const row = await screen.findByTestId("mark-grammar");
    await user.click(within(row).getByRole("button"));
    await user.type(within(row).getByRole("textbox"), "Heard again.");
    routes[`GET ${AT}/marks`] = { body: marks([mark({ version: 2, reason: "From the other tab." })], true) };
    await user.click(within(row).getByRole("button", { name: "Save" }));
    await within(row).findByRole("alert");
    await waitFor(() =>
      expect(within(row).getByTestId("given-mark")).toHaveTextContent("From the other tab."),
    );
    expect(within(row).getByRole("textbox")).toHaveValue("Heard again.");
  });
});

it("calibration is not for learners", async () => {
  pretendApi({
    ...SIGNED_IN,
    "GET /calibration": refusal(403, "forbidden"),
    "GET /calibration/attempts": refusal(403, "forbidden"),
    "GET /review/assessments": refusal(403, "forbidden"),
  });
  open("/review/calibration");
  expect(await screen.findByRole("link", { name: "Talk" })).toBeVisible();
  expect(screen.queryByTestId("agreement")).toBeNull();
});
