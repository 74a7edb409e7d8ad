import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/lib/api";
import { RPC_END_CALL, RPC_SET_PATIENCE } from "@/lib/room";
import { type FakeOutside, FakeRoom, fakeOutside } from "@/test/fakes";
import { TalkEngine } from "./engine";
import { TalkError } from "./problems";
import { COACH_LATE_MS, MAX_TYPED_CHARACTERS } from "./types";

let outside: FakeOutside;
let engine: TalkEngine;

beforeEach(() => {
  vi.useFakeTimers();
  outside = fakeOutside();
  engine = new TalkEngine(outside.ports);
});

afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function inCall() {
  await engine.start();
  outside.room().coachArrives();
  await settle();
}

const microphoneError = (name: string) => Object.assign(new Error(name), { name });

describe("starting", () => {
  it("opens the microphone, mints a pass, joins and publishes", async () => {
    await engine.start();
    expect(outside.room().connect).toHaveBeenCalledWith({ serverUrl: "ws://127.0.0.1:1", token: "token" });
    expect(outside.room().publishMicrophone).toHaveBeenCalledWith(outside.microphones[0]);
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", microphone: "on" });
    expect(outside.ports.markInCall).toHaveBeenLastCalledWith(true);
  });

  it.each([
    ["NotAllowedError", "permission_denied"],
    ["NotFoundError", "no_microphone"],
    ["NotReadableError", "microphone_busy"],
  ])("tells %s apart as %s", async (name, problem) => {
    outside.ports.openMicrophone.mockRejectedValue(microphoneError(name));
    await engine.start();
    expect(engine.snapshot()).toMatchObject({ phase: "problem", problem });
    expect(outside.rooms).toHaveLength(0);
  });

  it("says that an address is insecure before it asks for anything", async () => {
    outside.ports.microphoneAllowedHere.mockReturnValue(false);
    await engine.start();
    expect(engine.snapshot().problem).toBe("insecure_origin");
    expect(outside.ports.openMicrophone).not.toHaveBeenCalled();
  });

  it("needs no microphone for typing, even on an insecure address", async () => {
    outside.ports.microphoneAllowedHere.mockReturnValue(false);
    await engine.start({ microphone: false });
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", microphone: "absent" });
  });

  it.each([
    [new ApiError(503, "server_full", "", null, 30), "server_full", 30],
    [new ApiError(401, "unauthenticated", ""), "session_expired", null],
    [new ApiError(429, "rate_limited", "", null, 5), "rate_limited", 5],
    [new ApiError(500, "internal_error", ""), "server", null],
    [new ApiError(0, "network", ""), "network", null],
  ])("turns a refused pass into its problem and lets the microphone go", async (error, problem, wait) => {
    outside.ports.mintPass.mockRejectedValue(error);
    await engine.start();
    expect(engine.snapshot()).toMatchObject({ phase: "problem", problem, retryAfterSeconds: wait });
    expect(outside.microphones[0]?.stop).toHaveBeenCalledOnce();
  });

  it("leaves nothing behind when it is cancelled while connecting", async () => {
    let admit: (pass: { serverUrl: string; token: string }) => void = () => undefined;
    outside.ports.mintPass.mockReturnValue(new Promise((resolve) => (admit = resolve)));
    const starting = engine.start();
    await settle();
    await engine.hangUp();
    admit({ serverUrl: "", token: "" });
    await starting;
    expect(engine.snapshot().phase).toBe("idle");
    expect(outside.microphones[0]?.stop).toHaveBeenCalledOnce();
    expect(outside.rooms).toHaveLength(0);
  });
});

describe("the coach", () => {
  it("is called late when it does not come, and present once it does", async () => {
    await engine.start();
    await vi.advanceTimersByTimeAsync(COACH_LATE_MS);
    expect(engine.snapshot().coach.presence).toBe("late");
    outside.room().coachArrives();
    await settle();
    expect(engine.snapshot().coach).toEqual({
      presence: "present",
      activity: "listening",
      answeredBy: "guided",
      recording: null,
      waits: false,
    });
    expect(engine.snapshot().callId).toBe("call-1");
  });

  it("is called lost only when it stays away", async () => {
    await inCall();
    outside.room().coachLeaves();
    outside.room().coachArrives();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(engine.snapshot().coach.presence).toBe("present");
    outside.room().says("a", false, "I was say", false);
    outside.room().coachLeaves();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(engine.snapshot().coach.presence).toBe("lost");
    expect(engine.snapshot().captions[0]?.final).toBe(true);
  });

  it("asks again for the call's id until the record has it", async () => {
    outside.ports.findOpenCall.mockResolvedValueOnce(null).mockRejectedValueOnce(new Error("away"));
    await inCall();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(engine.snapshot().callId).toBe("call-1");
  });
});

describe("typing", () => {
  it("waits for the coach, then sends once", async () => {
    await engine.start();
    expect(engine.sendTyped("  Hello  ")).toBe(true);
    await settle();
    expect(engine.snapshot().captions[0]).toMatchObject({ text: "Hello", typed: true, delivery: "queued" });
    outside.room().coachArrives();
    await settle();
    expect(outside.room().sendMessage.mock.calls).toEqual([["Hello"]]);
    expect(engine.snapshot().captions[0]?.delivery).toBe("sent");
  });

  it("refuses nothing and too much", async () => {
    await inCall();
    expect(engine.sendTyped("   ")).toBe(false);
    expect(engine.sendTyped("a".repeat(MAX_TYPED_CHARACTERS + 1))).toBe(false);
    expect(engine.sendTyped("a".repeat(MAX_TYPED_CHARACTERS))).toBe(true);
  });

  it("marks what failed and sends it again when asked", async () => {
    await inCall();
    outside.room().sendMessage.mockRejectedValueOnce(new Error("gone"));
    engine.sendTyped("Again");
    await settle();
    const line = engine.snapshot().captions[0];
    expect(line?.delivery).toBe("failed");
    engine.resend(line?.id ?? "");
    await settle();
    expect(engine.snapshot().captions[0]?.delivery).toBe("sent");
  });
});

describe("the end", () => {
  it("tells the coach, leaves, and knows which transcript to show", async () => {
    await inCall();
    const room = outside.room();
    await engine.hangUp();
    expect(room.call).toHaveBeenCalledWith(RPC_END_CALL, "", expect.any(Number));
    expect(room.disconnect).toHaveBeenCalled();
    expect(engine.snapshot()).toMatchObject({
      phase: "ended",
      endedBy: "learner",
      callId: "call-1",
      settled: true,
    });
    expect(outside.ports.markInCall).toHaveBeenLastCalledWith(false);
  });

  it("comes although the coach does not answer", async () => {
    await inCall();
    outside.room().call.mockRejectedValue(new Error("timeout"));
    await engine.hangUp();
    expect(engine.snapshot().settled).toBe(true);
  });

  it("by the coach ends the call too", async () => {
    await inCall();
    outside.room().drops("ended_by_coach");
    expect(engine.snapshot()).toMatchObject({ phase: "ended", endedBy: "coach", settled: true });
  });

  it("by another window says so and does not fight for the room", async () => {
    await inCall();
    outside.room().drops("other_tab");
    await vi.advanceTimersByTimeAsync(100_000);
    expect(engine.snapshot()).toMatchObject({ phase: "problem", problem: "other_tab" });
    expect(outside.rooms).toHaveLength(1);
  });
});

describe("a lost connection", () => {
  it("is rejoined by itself, captions and muting kept", async () => {
    await inCall();
    outside.room().says("a", true, "I was here", true);
    await engine.toggleMute();
    outside.room().drops("lost");
    expect(engine.snapshot().reconnecting).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outside.rooms).toHaveLength(2);
    expect(outside.room().setMuted).toHaveBeenCalledWith(true);
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", reconnecting: false, microphone: "muted" });
    expect(engine.snapshot().captions[0]?.text).toBe("I was here");
  });

  it("waits while the device is offline and gives up when the place is gone", async () => {
    await inCall();
    outside.ports.online.mockReturnValue(false);
    outside.room().drops("lost");
    await vi.advanceTimersByTimeAsync(100_000);
    expect(outside.rooms).toHaveLength(1);
    expect(engine.snapshot()).toMatchObject({
      phase: "problem",
      problem: "connection_lost",
      problemMidCall: true,
    });
  });

  it("stops trying when the learner must sign in again", async () => {
    await inCall();
    outside.ports.mintPass.mockRejectedValue(new ApiError(401, "unauthenticated", ""));
    outside.room().drops("lost");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engine.snapshot().problem).toBe("session_expired");
  });

  it("can be hung up while it is being mended", async () => {
    await inCall();
    outside.room().drops("lost");
    await engine.hangUp();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(outside.rooms).toHaveLength(1);
    expect(engine.snapshot()).toMatchObject({ phase: "ended", callId: "call-1" });
  });
});

describe("where no sound gets through", () => {
  const blocked = () =>
    outside.ports.openRoom.mockImplementation(async (events) => {
      const room = new FakeRoom(events);
      room.connect.mockRejectedValue(new Error("could not establish pc connection"));
      return room;
    });

  it("says so to somebody who wants to speak, and lets the microphone go", async () => {
    blocked();
    await engine.start();
    expect(engine.snapshot()).toMatchObject({ phase: "problem", problem: "voice_blocked" });
    expect(outside.microphones[0]?.stop).toHaveBeenCalled();
    expect(outside.ports.openTextRoom).not.toHaveBeenCalled();
  });

  it("carries somebody who types over plain HTTPS by itself", async () => {
    blocked();
    await engine.start({ microphone: false });
    outside.room().coachArrives();
    expect(engine.sendTyped("Hello")).toBe(true);
    await settle();
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", written: true, microphone: "absent" });
    expect(outside.room().connect).toHaveBeenCalledWith(null);
    expect(outside.room().sendMessage).toHaveBeenCalledWith("Hello");
  });

  it("goes there at once when asked, without a pass", async () => {
    await engine.start({ microphone: false, written: true });
    expect(outside.ports.mintPass).not.toHaveBeenCalled();
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", written: true });
  });

  it("comes back over HTTPS when the stream is lost", async () => {
    await engine.start({ microphone: false, written: true });
    outside.room().drops("lost");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outside.ports.openTextRoom).toHaveBeenCalledTimes(2);
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", written: true });
  });

  it("changes to speaking when a microphone is added", async () => {
    await engine.start({ microphone: false, written: true });
    await engine.addMicrophone();
    expect(outside.ports.openRoom).toHaveBeenCalledTimes(1);
    expect(outside.room().publishMicrophone).toHaveBeenCalled();
    expect(engine.snapshot()).toMatchObject({ phase: "in_call", written: false, microphone: "on" });
  });
});

describe("the rest", () => {
  it("shows what was said before a reload, before what is said now", async () => {
    outside.ports.earlierTurns.mockResolvedValue([
      {
        id: "turn-1",
        role: "coach",
        text: "Welcome",
        final: true,
        typed: false,
        delivery: "heard",
        earlier: true,
      },
    ]);
    await engine.start({ resume: true });
    outside.room().says("a", false, "You are back", true);
    await settle();
    expect(engine.snapshot().captions.map((line) => line.text)).toEqual(["Welcome", "You are back"]);
  });

  it("saves patience and puts it in force in the call", async () => {
    await inCall();
    await engine.setPatience("patient");
    expect(outside.ports.savePatience).toHaveBeenCalledWith("patient");
    expect(outside.room().call).toHaveBeenCalledWith(RPC_SET_PATIENCE, "patient", expect.any(Number));
  });

  it("adds a microphone to a typed call, or says why not", async () => {
    await engine.start({ microphone: false });
    outside.ports.openMicrophone.mockRejectedValueOnce(microphoneError("NotAllowedError"));
    await expect(engine.addMicrophone()).rejects.toEqual(new TalkError("permission_denied"));
    await engine.addMicrophone();
    expect(engine.snapshot().microphone).toBe("on");
  });

  it("ignores a room that belongs to an earlier run", async () => {
    await inCall();
    const old = outside.room();
    await engine.reconnect();
    old.says("ghost", false, "boo", true);
    old.drops("ended_by_coach");
    expect(engine.snapshot().phase).toBe("in_call");
    expect(engine.snapshot().captions).toHaveLength(0);
  });
});
