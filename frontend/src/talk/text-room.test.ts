import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RPC_END_CALL, RPC_SET_PATIENCE } from "@/lib/room";
import { pretendApi } from "@/test/app";
import { TextCallRoom } from "./text-room";
import type { RoomEvents } from "./types";

const BASE = "/sessions/default/messages";

class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static last: Stream;
  readyState = 1;
  constructor(readonly url: string) {
    super();
    Stream.last = this;
    queueMicrotask(() => this.dispatchEvent(new Event("open")));
  }
  close() {
    this.readyState = Stream.CLOSED;
  }
  tell(kind: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
}

const events = {
  onAgent: vi.fn<RoomEvents["onAgent"]>(),
  onTranscription: vi.fn<RoomEvents["onTranscription"]>(),
  onNotice: vi.fn<RoomEvents["onNotice"]>(),
  onReconnecting: vi.fn<RoomEvents["onReconnecting"]>(),
  onListened: vi.fn<RoomEvents["onListened"]>(),
  onDisconnected: vi.fn<RoomEvents["onDisconnected"]>(),
};

let asked: ReturnType<typeof vi.fn>;
let room: TextCallRoom;

beforeEach(async () => {
  vi.clearAllMocks();
  vi.stubGlobal("EventSource", Stream);
  asked = pretendApi({
    [`POST ${BASE}/join`]: { status: 202, body: { position: "ab12-3" } },
    [`POST ${BASE}`]: { status: 202, body: { message_id: "x", state: "sent", position: "ab12-4" } },
    [`POST ${BASE}/command`]: { body: { answer: "patient" } },
    [`POST ${BASE}/end`]: { status: 204 },
  });
  room = new TextCallRoom(events as unknown as RoomEvents);
  await room.connect();
});

afterEach(() => vi.unstubAllGlobals());

const lastRequest = (): Request => {
  const [request] = asked.mock.lastCall ?? [];
  if (!(request instanceof Request)) throw new Error("nothing was asked");
  return request;
};

it("begins its stream where it joined", () => {
  expect(Stream.last.url).toBe(`/api/v1${BASE}/stream?after=ab12-3`);
});

it("tells who is there, what is said, and what the coach sends for the screen", () => {
  Stream.last.tell("coach", {
    identity: "coach-1",
    attributes: { "lk.agent.state": "listening", "avaaz.answered_by": "guided", "avaaz.waits": "on" },
  });
  expect(events.onAgent).toHaveBeenLastCalledWith({
    identity: "coach-1",
    activity: "listening",
    answeredBy: "guided",
    recording: null,
    waits: true,
  });
  Stream.last.tell("coach", {});
  expect(events.onAgent).toHaveBeenLastCalledWith(null);
  Stream.last.tell("caption", { segment_id: "s", from_learner: false, text: "Hi", final: true });
  expect(events.onTranscription).toHaveBeenCalledWith({
    segmentId: "s",
    fromLearner: false,
    text: "Hi",
    final: true,
  });
  Stream.last.tell("notice", { value: { code: "time_limit", text: "Soon" } });
  expect(events.onNotice).toHaveBeenCalledWith('{"code":"time_limit","text":"Soon"}');
});

it("gives every message a name of its own", async () => {
  await room.sendMessage("one");
  const first = await lastRequest().json();
  await room.sendMessage("two");
  const second = await lastRequest().json();
  expect([first.text, second.text]).toEqual(["one", "two"]);
  expect(first.message_id).not.toBe(second.message_id);
});

it("sends buttons and the end by their own ways", async () => {
  await expect(room.call(RPC_SET_PATIENCE, "patient")).resolves.toBe("patient");
  expect(await lastRequest().json()).toEqual({ method: RPC_SET_PATIENCE, payload: "patient" });
  await room.call(RPC_END_CALL, "");
  expect(lastRequest().url).toContain(`${BASE}/end`);
});

it.each([
  ["coach", "ended_by_coach"],
  ["idle", "ended_by_coach"],
  ["tab", "other_tab"],
  ["lost", "lost"],
])("takes an end by %s for %s", (why, farewell) => {
  Stream.last.tell("ended", { why });
  expect(events.onDisconnected).toHaveBeenCalledWith(farewell);
  expect(Stream.last.readyState).toBe(Stream.CLOSED);
});

it("says that it reconnects while the browser tries, and that it is lost when it is refused", () => {
  Stream.last.readyState = 0;
  Stream.last.dispatchEvent(new Event("error"));
  expect(events.onReconnecting).toHaveBeenLastCalledWith(true);
  Stream.last.readyState = Stream.CLOSED;
  Stream.last.dispatchEvent(new Event("error"));
  expect(events.onDisconnected).toHaveBeenCalledWith("lost");
});
