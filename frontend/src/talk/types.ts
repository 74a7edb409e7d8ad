/** The words of the talk screen: what a call can be, and what it needs from the outside. */

import type { Patience, RoomPass } from "@/lib/api";
import type { NoticeCode } from "@/lib/room";
import type { Shown, ShownTopic } from "./shown";

export const MAX_TYPED_CHARACTERS = 8_000;

/** A coach who is not there after this long is called late. */
export const COACH_LATE_MS = 5_000;

export type Role = "learner" | "coach";

export type AgentActivity = "initializing" | "idle" | "listening" | "thinking" | "speaking";

export type AnsweredBy = "guided" | "language_model";

/** No call may begin although nothing is broken; said in words that are brought only then. */
export type ClosedProblem = "maintenance" | "organisation_suspended";

/** What is said by a part of the page that is brought only then. */
export type RareProblem = ClosedProblem | "voice_blocked";

/** What stands in the way of a call; each has its own words and its own next step. */
export type Problem =
  | ClosedProblem
  | "no_microphone"
  | "permission_denied"
  | "microphone_busy"
  | "insecure_origin"
  | "offline"
  | "network"
  | "connection_lost"
  | "voice_blocked"
  | "server_full"
  | "rate_limited"
  | "session_expired"
  | "other_tab"
  | "consent_needed"
  | "email_unverified"
  | "age_needed"
  | "server";

/** `stopped` once the learner has ended it; null where the call is not recorded. */
export type RecordingShown = "on" | "stopped" | null;

export type Delivery = "heard" | "queued" | "sending" | "sent" | "failed";

export interface Caption {
  id: string;
  role: Role;
  text: string;
  final: boolean;
  typed: boolean;
  delivery: Delivery;
  /** Read back from the record after a reload, not heard in this page. */
  earlier: boolean;
}

export interface Notice {
  id: number;
  code: NoticeCode | null;
  text: string;
}

export interface CoachState {
  presence: "awaited" | "late" | "present" | "lost";
  activity: AgentActivity | null;
  answeredBy: AnsweredBy | null;
  recording: RecordingShown;
  /** Whether the learner pauses within a turn and the coach waits for more. */
  waits: boolean;
}

export type Phase = "idle" | "connecting" | "in_call" | "ended" | "problem";

export interface TalkState {
  phase: Phase;
  step: "microphone" | "room" | "joining";
  problem: Problem | null;
  /** The call was going on when the problem came: the words of the way back differ. */
  problemMidCall: boolean;
  retryAfterSeconds: number | null;
  reconnecting: boolean;
  coach: CoachState;
  microphone: "on" | "muted" | "absent";
  /** The call runs over plain HTTPS: words only, both ways. */
  written: boolean;
  soundBlocked: boolean;
  /** An instructor listens in. */
  listened: boolean;
  captions: readonly Caption[];
  notices: readonly Notice[];
  shown: Shown;
  callId: string | null;
  endedBy: "learner" | "coach" | null;
  /** The coach has been told of the end and the call may be read. */
  settled: boolean;
}

export interface AgentView {
  identity: string;
  activity: AgentActivity | null;
  answeredBy: AnsweredBy | null;
  recording: RecordingShown;
  /** Whether the learner pauses within a turn and the coach waits for more. */
  waits: boolean;
}

export interface TranscriptionPart {
  segmentId: string;
  fromLearner: boolean;
  text: string;
  final: boolean;
}

export type Farewell = "ended_by_coach" | "other_tab" | "lost";

/** What a room tells the call. */
export interface RoomEvents {
  onAgent(agent: AgentView | null): void;
  onTranscription(part: TranscriptionPart): void;
  onNotice(raw: string): void;
  onShown(topic: ShownTopic, raw: string): void;
  onReconnecting(reconnecting: boolean): void;
  onSoundBlocked(blocked: boolean): void;
  onListened(listened: boolean): void;
  onMicrophoneLost(): void;
  onDisconnected(farewell: Farewell): void;
}

/** A microphone that was opened but perhaps not yet published; `stop` turns its light off. */
export interface Microphone {
  stop(): void;
}

/** All the call needs of LiveKit, so that it can be tested without it. */
export interface CallRoom {
  connect(pass: RoomPass | null): Promise<void>;
  publishMicrophone(microphone: Microphone): Promise<void>;
  setMuted(muted: boolean): Promise<void>;
  sendMessage(text: string): Promise<void>;
  /** Rejects when the coach is not there or does not answer within the time. */
  call(method: string, payload: string, timeoutMs: number): Promise<string>;
  startSound(): Promise<void>;
  /** Loudness between 0 and 1, for drawing. */
  levels(): { learner: number; coach: number };
  disconnect(): Promise<void>;
}

/** The outside of a call. */
export interface TalkPorts {
  openRoom(events: RoomEvents): Promise<CallRoom>;
  /** A room that needs nothing but HTTPS; its `connect` needs no pass. */
  openTextRoom(events: RoomEvents): Promise<CallRoom>;
  openMicrophone(): Promise<Microphone>;
  mintPass(): Promise<RoomPass>;
  findOpenCall(): Promise<string | null>;
  earlierTurns(callId: string): Promise<Caption[]>;
  savePatience(patience: Patience): Promise<void>;
  microphoneAllowedHere(): boolean;
  online(): boolean;
  /** Remembers in this tab that a call is on, so that a reload can go back to it. */
  markInCall(inCall: boolean): void;
}
