/** A call's outside without a network: what it was asked is written down, what it says is said by the test. */

import { vi } from "vitest";
import type { CallRoom, Farewell, RoomEvents, TalkPorts } from "@/talk/types";

export class FakeRoom implements CallRoom {
  readonly connect = vi.fn(async () => undefined);
  readonly publishMicrophone = vi.fn(async () => undefined);
  readonly setMuted = vi.fn(async (_muted: boolean) => undefined);
  readonly sendMessage = vi.fn(async (_text: string) => undefined);
  readonly call = vi.fn(async (_method: string, _payload: string, _timeoutMs: number) => "");
  readonly startSound = vi.fn(async () => undefined);
  readonly disconnect = vi.fn(async () => undefined);

  constructor(readonly events: RoomEvents) {}

  levels() {
    return { learner: 0, coach: 0 };
  }

  coachArrives(activity: "listening" | "speaking" = "listening") {
    this.events.onAgent({
      identity: "agent-1",
      activity,
      answeredBy: "guided",
      recording: null,
      waits: false,
    });
  }

  coachLeaves() {
    this.events.onAgent(null);
  }

  says(segmentId: string, fromLearner: boolean, text: string, final: boolean) {
    this.events.onTranscription({ segmentId, fromLearner, text, final });
  }

  drops(farewell: Farewell) {
    this.events.onDisconnected(farewell);
  }
}

export interface FakeOutside {
  ports: { [Name in keyof TalkPorts]: ReturnType<typeof vi.fn<TalkPorts[Name]>> };
  rooms: FakeRoom[];
  microphones: { stop: ReturnType<typeof vi.fn<() => void>> }[];
  /** The room opened last. */
  room: () => FakeRoom;
}

export function fakeOutside(): FakeOutside {
  const rooms: FakeRoom[] = [];
  const microphones: FakeOutside["microphones"] = [];
  return {
    rooms,
    microphones,
    room: () => {
      const room = rooms.at(-1);
      if (room === undefined) throw new Error("no room was opened");
      return room;
    },
    ports: {
      openRoom: vi.fn(async (events) => {
        const room = new FakeRoom(events);
        rooms.push(room);
        return room;
      }),
      openTextRoom: vi.fn(async (events) => {
        const room = new FakeRoom(events);
        rooms.push(room);
        return room;
      }),
      openMicrophone: vi.fn(async () => {
        const microphone = { stop: vi.fn<() => void>() };
        microphones.push(microphone);
        return microphone;
      }),
      mintPass: vi.fn(async () => ({ serverUrl: "ws://127.0.0.1:1", token: "token" })),
      findOpenCall: vi.fn(async () => "call-1"),
      earlierTurns: vi.fn(async () => []),
      savePatience: vi.fn(async () => undefined),
      microphoneAllowedHere: vi.fn(() => true),
      online: vi.fn(() => true),
      markInCall: vi.fn(),
    },
  };
}
