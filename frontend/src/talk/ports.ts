/** The real outside of a call: LiveKit, the API and the browser. */

import { api, type Turn } from "@/lib/api";
import { recall, remember } from "@/lib/store";
import { part } from "@/pwa/stale";
import type { Caption, TalkPorts } from "./types";

const IN_CALL_KEY = "avaaz.inCall";

/** True when this very tab was in a call when it was last unloaded. */
export function wasInCall(): boolean {
  return recall("session", IN_CALL_KEY) === "1";
}

export function markInCall(inCall: boolean): void {
  remember("session", IN_CALL_KEY, inCall ? "1" : null);
}

export function captionFromTurn(turn: Turn): Caption {
  return {
    id: `turn-${turn.id}`,
    role: turn.role,
    text: turn.text,
    final: true,
    typed: turn.input_kind === "text",
    delivery: turn.input_kind === "text" ? "sent" : "heard",
    earlier: true,
  };
}

const fetchRoom = () => import("./livekit-room");
const loadRoom = () => part(fetchRoom);

/** Brings livekit-client, the heaviest part of the page, when a call is likely to be started next. */
export function expectCall(): void {
  fetchRoom().catch(() => undefined);
}

export function createPorts(savePatience: TalkPorts["savePatience"]): TalkPorts {
  return {
    openRoom: async (events) => new (await loadRoom()).LiveKitCallRoom(events),
    openTextRoom: async (events) => new (await part(() => import("./text-room"))).TextCallRoom(events),
    openMicrophone: async () => (await loadRoom()).openMicrophone(),
    mintPass: api.roomPass,
    findOpenCall: async () => (await api.defaultSession()).open_call?.id ?? null,
    earlierTurns: async (callId) => (await api.turns(callId)).items.map(captionFromTurn),
    savePatience,
    microphoneAllowedHere: () => window.isSecureContext && navigator.mediaDevices !== undefined,
    online: () => navigator.onLine,
    markInCall,
  };
}
