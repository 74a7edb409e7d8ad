import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { placeOf } from "@/lib/recording";
import { CONSENT, open, pretendApi, SIGNED_IN } from "@/test/app";

afterEach(() => vi.unstubAllGlobals());

const ASKED = "/users/me/recording-consent";

describe("the question about recording", () => {
  it("is asked before the first call, and the answer is sent with the words that were read", async () => {
    const answers: unknown[] = [];
    pretendApi({
      ...SIGNED_IN,
      [`GET ${ASKED}`]: { body: { ...CONSENT, asked: false, withdrawn_at: null } },
      [`PUT ${ASKED}`]: (request) => {
        void request.json().then((body) => answers.push(body));
        return { body: { ...CONSENT, granted: true, withdrawn_at: null } };
      },
    });
    open("/");
    await userEvent.click(await screen.findByTestId("recording-yes"));
    expect(await screen.findByTestId("recording-answered")).toBeInTheDocument();
    expect(answers).toEqual([{ granted: true, version: "2026-11", erase: false }]);
  });

  it("is not asked twice, nor where an adult has to agree first", async () => {
    for (const consent of [CONSENT, { ...CONSENT, asked: false, adult_needed: true }]) {
      pretendApi({ ...SIGNED_IN, [`GET ${ASKED}`]: { body: consent } });
      open("/");
      await screen.findAllByTestId("call-button");
      expect(screen.queryByTestId("recording-question")).toBeNull();
    }
  });
});

describe("the place of a turn", () => {
  const recording = {
    state: "ready" as const,
    started_at: "2026-11-20T17:00:10Z",
    duration_s: 60,
    size_bytes: 1,
    url: null,
    expires_at: null,
    peaks: null,
  };
  const turn = {
    started_at: "2026-11-20T17:00:12.5Z",
    ended_at: "2026-11-20T17:00:14Z",
    input_kind: "voice" as const,
  };

  it("is its own time after the recording's beginning", () => {
    expect(placeOf(turn, recording)).toEqual({ start: 2.5, end: 4 });
    expect(placeOf({ ...turn, started_at: "2026-11-20T17:00:09Z" }, recording)?.start).toBe(0);
  });

  it("is nowhere for what was typed, came before or after, or was not recorded", () => {
    expect(placeOf({ ...turn, input_kind: "text" }, recording)).toBeNull();
    expect(placeOf({ ...turn, ended_at: "2026-11-20T17:00:10Z" }, recording)).toBeNull();
    expect(placeOf({ ...turn, started_at: "2026-11-20T17:02:00Z" }, recording)).toBeNull();
    expect(placeOf(turn, { ...recording, state: "erased" })).toBeNull();
    expect(placeOf(turn, undefined)).toBeNull();
  });
});
