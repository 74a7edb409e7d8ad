/**
 * One call from the first press of the button to the transcript, without React and without LiveKit.
 *
 * Every asynchronous step carries the number of the run it belongs to; a step that finds another run in force
 * gives up quietly, so that a cancelled start can never come back to life.
 */

import type { Patience } from "@/lib/api";
import {
  type COMMANDS,
  RPC_COMMAND,
  RPC_END_CALL,
  RPC_EXAM_DONE,
  RPC_SET_PATIENCE,
  RPC_STOP_RECORDING,
} from "@/lib/room";
import { allFinal, withDelivery, withEarlier, withTranscription, withTyped } from "./captions";
import { withNotice } from "./notices";
import { isFinalProblem, Superseded, TalkError, toTalkError } from "./problems";
import { NOTHING_SHOWN, type ShownTopic, withShown } from "./shown";
import {
  type AgentView,
  type CallRoom,
  COACH_LATE_MS,
  type Farewell,
  MAX_TYPED_CHARACTERS,
  type Microphone,
  type RoomEvents,
  type TalkPorts,
  type TalkState,
} from "./types";

/** A worker that hands over is away for a moment; only a longer absence is worth a word. */
const COACH_LOST_MS = 1_500;
/** As long as the agent keeps the learner's place. */
const REJOIN_WINDOW_MS = 90_000;
const REJOIN_DELAYS_MS = [500, 1_000, 2_000, 4_000];
const RPC_TIMEOUT_MS = 2_000;
const CALL_ID_TRIES = 5;
const CALL_ID_DELAY_MS = 1_000;

export const INITIAL_STATE: TalkState = {
  phase: "idle",
  step: "microphone",
  problem: null,
  problemMidCall: false,
  retryAfterSeconds: null,
  reconnecting: false,
  coach: { presence: "awaited", activity: null, answeredBy: null, recording: null, waits: false },
  microphone: "absent",
  written: false,
  soundBlocked: false,
  listened: false,
  captions: [],
  notices: [],
  shown: NOTHING_SHOWN,
  callId: null,
  endedBy: null,
  settled: false,
};

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class TalkEngine {
  #state = INITIAL_STATE;
  #room: CallRoom | null = null;
  #run = 0;
  #typedCount = 0;
  #coachTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly ports: TalkPorts) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): TalkState => this.#state;

  /** Loudness of both sides between 0 and 1; silence while there is no room. */
  readonly levels = (): { learner: number; coach: number } =>
    this.#room?.levels() ?? { learner: 0, coach: 0 };

  /**
   * Starts or resumes the learner's call. Never rejects: failure is a state with a way on. `written` goes over
   * plain HTTPS at once; a call without a microphone falls back to that by itself where sound cannot get through.
   */
  async start({ microphone = true, resume = false, written = false } = {}): Promise<void> {
    const run = this.#newRun();
    this.#set({ ...INITIAL_STATE, phase: "connecting", written });
    try {
      await this.#join(run, microphone);
      if (resume) void this.#showEarlier(run);
    } catch (error) {
      this.#fail(run, error, false);
    }
  }

  /** Leaves whatever there is and connects anew within the same call; the captions stay. */
  async reconnect(): Promise<void> {
    const run = this.#newRun();
    const wantsMicrophone = this.#state.microphone !== "absent";
    this.#set({ phase: "connecting", problem: null, reconnecting: false, coach: INITIAL_STATE.coach });
    try {
      await this.#join(run, wantsMicrophone);
    } catch (error) {
      this.#fail(run, error, true);
    }
  }

  /** Ends the call at once for the learner, then tells the coach and the record. */
  async hangUp(): Promise<void> {
    const { phase, callId } = this.#state;
    const room = this.#room;
    this.#room = null;
    const run = this.#newRun();
    this.ports.markInCall(false);
    if (phase !== "in_call") {
      this.#set(INITIAL_STATE);
      return;
    }
    this.#set({
      phase: "ended",
      endedBy: "learner",
      reconnecting: false,
      captions: allFinal(this.#state.captions),
    });
    const known = callId ?? (await this.ports.findOpenCall().catch(() => null));
    await room?.call(RPC_END_CALL, "", RPC_TIMEOUT_MS).catch(() => undefined);
    await room?.disconnect();
    if (run === this.#run) this.#set({ callId: known, settled: true });
  }

  /** Back to the quiet screen, from a problem or from the end of a call. */
  reset(): void {
    this.#newRun();
    this.ports.markInCall(false);
    this.#set(INITIAL_STATE);
  }

  async toggleMute(): Promise<void> {
    const muted = this.#state.microphone === "on";
    if (this.#room === null || this.#state.microphone === "absent") return;
    await this.#room.setMuted(muted);
    this.#set({ microphone: muted ? "muted" : "on" });
  }

  /** For a learner who began by typing. Rejects with a `TalkError` when there is no microphone. */
  async addMicrophone(): Promise<void> {
    const room = this.#room;
    if (room === null) return;
    if (!this.ports.microphoneAllowedHere()) throw new TalkError("insecure_origin");
    const microphone = await this.ports.openMicrophone().catch((error) => {
      throw toTalkError(error);
    });
    if (this.#state.written) {
      microphone.stop();
      this.#set({ written: false, microphone: "on" });
      await this.reconnect();
      return;
    }
    await room.publishMicrophone(microphone);
    this.#set({ microphone: "on" });
  }

  /** Shows the line at once; it is sent now, or when the coach is there. False when it may not be sent. */
  sendTyped(raw: string): boolean {
    const text = raw.trim();
    if (text === "" || text.length > MAX_TYPED_CHARACTERS) return false;
    this.#typedCount += 1;
    const id = `typed-${this.#typedCount}`;
    this.#set({ captions: withTyped(this.#state.captions, id, text) });
    void this.#deliver(id, text);
    return true;
  }

  resend(id: string): void {
    const caption = this.#state.captions.find((known) => known.id === id);
    if (caption?.delivery === "failed") void this.#deliver(id, caption.text);
  }

  /** Keeps the choice for every call and puts it in force in this one. */
  async setPatience(patience: Patience): Promise<void> {
    await this.ports.savePatience(patience);
    // A coach who is not there yet reads the saved choice when it opens the call.
    await this.#room?.call(RPC_SET_PATIENCE, patience, RPC_TIMEOUT_MS).catch(() => undefined);
  }

  /** Asks the coach for something, as the learner may also do in words; false where the coach did not hear it. */
  command(command: (typeof COMMANDS)[number]): Promise<boolean> {
    return this.#ask(RPC_COMMAND, command);
  }

  /** The learner has finished this phase of the exam before its time; false where the examiner did not hear it. */
  finishExamPhase(): Promise<boolean> {
    return this.#ask(RPC_EXAM_DONE, "");
  }

  async #ask(method: string, payload: string): Promise<boolean> {
    const room = this.#room;
    if (room === null) return false;
    return room.call(method, payload, RPC_TIMEOUT_MS).then(
      () => true,
      () => false,
    );
  }

  /** At once; where the coach does not hear it, the API tells it with the next piece of the recording. */
  async stopRecording(): Promise<void> {
    await this.#room?.call(RPC_STOP_RECORDING, "", RPC_TIMEOUT_MS).catch(() => undefined);
  }

  /** Must be called from a press: browsers allow sound only then. */
  async startSound(): Promise<void> {
    await this.#room?.startSound();
  }

  dismissNotice(id: number): void {
    this.#set({ notices: this.#state.notices.filter((notice) => notice.id !== id) });
  }

  #newRun(): number {
    clearTimeout(this.#coachTimer);
    void this.#room?.disconnect();
    this.#room = null;
    this.#run += 1;
    return this.#run;
  }

  #set(change: Partial<TalkState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  async #join(run: number, wantsMicrophone: boolean): Promise<void> {
    if (!this.ports.online()) throw new TalkError("offline");
    if (this.#state.written) return this.#joinByText(run);
    if (wantsMicrophone && !this.ports.microphoneAllowedHere()) throw new TalkError("insecure_origin");
    const passPending = this.ports.mintPass();
    passPending.catch(() => undefined);
    this.#set({ step: "microphone" });
    const microphone = wantsMicrophone ? await this.ports.openMicrophone() : null;
    try {
      this.#proceed(run, "room");
      const pass = await passPending;
      this.#proceed(run, "joining");
      const room = await this.ports.openRoom(this.#events(run));
      const connect = () => room.connect(pass).catch((cause) => this.#soundStays(run, cause));
      await this.#enter(run, room, connect, microphone);
    } catch (error) {
      microphone?.stop();
      if (microphone !== null || run !== this.#run || toTalkError(error).problem !== "voice_blocked")
        throw error;
      this.#set({ written: true });
      await this.#joinByText(run);
    }
  }

  async #joinByText(run: number): Promise<void> {
    this.#proceed(run, "joining");
    const room = await this.ports.openTextRoom(this.#events(run));
    await this.#enter(run, room, () => room.connect(null), null);
  }

  /** The API gave a pass and the room did not open: it is the way of the sound that is blocked. */
  #soundStays(run: number, cause: unknown): never {
    if (run !== this.#run) throw new Superseded();
    throw this.ports.online() ? new TalkError("voice_blocked") : cause;
  }

  async #enter(
    run: number,
    room: CallRoom,
    connect: () => Promise<void>,
    microphone: Microphone | null,
  ): Promise<void> {
    try {
      await connect();
      this.#proceed(run, "joining");
      const muted = this.#state.microphone === "muted";
      if (microphone) await room.publishMicrophone(microphone);
      if (microphone && muted) await room.setMuted(true);
      this.#proceed(run, "joining");
      this.#room = room;
      this.ports.markInCall(true);
      this.#set({
        phase: "in_call",
        problem: null,
        reconnecting: false,
        microphone: microphone === null ? "absent" : muted ? "muted" : "on",
      });
      if (this.#state.coach.presence === "present") this.#coachArrived(run);
      else this.#coachTimer = setTimeout(() => this.#coachLate(run), COACH_LATE_MS);
    } catch (error) {
      await room.disconnect();
      throw error;
    }
  }

  #proceed(run: number, step: TalkState["step"]): void {
    if (run !== this.#run) throw new Superseded();
    this.#set({ step });
  }

  #fail(run: number, error: unknown, midCall: boolean): void {
    if (run !== this.#run || error instanceof Superseded) return;
    const { problem, retryAfterSeconds } = toTalkError(error);
    clearTimeout(this.#coachTimer);
    this.#room = null;
    this.#set({
      phase: "problem",
      problem,
      retryAfterSeconds,
      problemMidCall: midCall,
      reconnecting: false,
      captions: allFinal(this.#state.captions),
    });
  }

  #events(run: number): RoomEvents {
    const inForce =
      <A extends unknown[]>(handle: (...given: A) => void) =>
      (...given: A) => {
        if (run === this.#run) handle(...given);
      };
    return {
      onAgent: inForce((agent: AgentView | null) => this.#onAgent(run, agent)),
      onTranscription: inForce((part) => {
        this.#set({ captions: withTranscription(this.#state.captions, part) });
      }),
      onNotice: inForce((raw: string) => this.#set({ notices: withNotice(this.#state.notices, raw) })),
      onShown: inForce((topic: ShownTopic, raw: string) =>
        this.#set({ shown: withShown(this.#state.shown, this.#state.captions, topic, raw) }),
      ),
      onReconnecting: inForce((reconnecting: boolean) => this.#set({ reconnecting })),
      onSoundBlocked: inForce((soundBlocked: boolean) => this.#set({ soundBlocked })),
      onListened: inForce((listened: boolean) => this.#set({ listened })),
      onMicrophoneLost: inForce(() => this.#set({ microphone: "absent" })),
      onDisconnected: inForce((farewell: Farewell) => this.#onDisconnected(run, farewell)),
    };
  }

  #onAgent(run: number, agent: AgentView | null): void {
    if (agent === null) {
      clearTimeout(this.#coachTimer);
      this.#coachTimer = setTimeout(() => this.#coachLost(run), COACH_LOST_MS);
      return;
    }
    const arrived = this.#state.coach.presence !== "present";
    clearTimeout(this.#coachTimer);
    this.#set({
      coach: {
        presence: "present",
        activity: agent.activity,
        answeredBy: agent.answeredBy,
        recording: agent.recording,
        waits: agent.waits,
      },
    });
    if (arrived && this.#state.phase === "in_call") this.#coachArrived(run);
  }

  #coachArrived(run: number): void {
    void this.#learnCallId(run);
    for (const caption of this.#state.captions) {
      if (caption.delivery === "queued") void this.#deliver(caption.id, caption.text);
    }
  }

  #coachLate(run: number): void {
    if (run === this.#run) this.#set({ coach: { ...this.#state.coach, presence: "late" } });
  }

  #coachLost(run: number): void {
    if (run !== this.#run) return;
    this.#set({
      coach: { ...INITIAL_STATE.coach, presence: "lost" },
      captions: allFinal(this.#state.captions),
    });
  }

  #onDisconnected(run: number, farewell: Farewell): void {
    this.#room = null;
    clearTimeout(this.#coachTimer);
    const captions = allFinal(this.#state.captions);
    if (farewell === "lost") {
      this.#set({ captions });
      // While the call is still being set up, the failed connect itself reports.
      if (this.#state.phase === "in_call") void this.#rejoin(run);
      return;
    }
    this.ports.markInCall(false);
    if (farewell === "other_tab") {
      this.#set({ captions, phase: "problem", problem: "other_tab", problemMidCall: true });
    } else {
      this.#set({ captions, phase: "ended", endedBy: "coach", settled: true, reconnecting: false });
    }
  }

  /** Tries to come back for as long as the coach keeps the place; offline time is waited through. */
  async #rejoin(run: number): Promise<void> {
    const deadline = performance.now() + REJOIN_WINDOW_MS;
    const wantsMicrophone = this.#state.microphone !== "absent";
    this.#set({ reconnecting: true, coach: INITIAL_STATE.coach });
    let cause: unknown = new TalkError("connection_lost");
    for (let attempt = 0; performance.now() < deadline; attempt += 1) {
      await pause(REJOIN_DELAYS_MS[Math.min(attempt, REJOIN_DELAYS_MS.length - 1)] ?? 0);
      if (run !== this.#run) return;
      if (!this.ports.online()) continue;
      try {
        await this.#join(run, wantsMicrophone);
        return;
      } catch (error) {
        if (isFinalProblem(error)) {
          cause = error;
          break;
        }
      }
    }
    this.#fail(run, cause, true);
  }

  async #deliver(id: string, text: string): Promise<void> {
    const room = this.#room;
    if (room === null || this.#state.coach.presence !== "present") {
      this.#set({ captions: withDelivery(this.#state.captions, id, "queued") });
      return;
    }
    this.#set({ captions: withDelivery(this.#state.captions, id, "sending") });
    const delivered = await room.sendMessage(text).then(
      () => "sent" as const,
      () => "failed" as const,
    );
    this.#set({ captions: withDelivery(this.#state.captions, id, delivered) });
  }

  async #learnCallId(run: number): Promise<void> {
    for (let attempt = 0; attempt < CALL_ID_TRIES; attempt += 1) {
      const callId = await this.ports.findOpenCall().catch(() => null);
      if (run !== this.#run) return;
      if (callId !== null) {
        this.#set({ callId });
        return;
      }
      await pause(CALL_ID_DELAY_MS);
    }
  }

  async #showEarlier(run: number): Promise<void> {
    const callId = await this.ports.findOpenCall().catch(() => null);
    if (callId === null) return;
    const earlier = await this.ports.earlierTurns(callId).catch(() => []);
    if (run === this.#run) this.#set({ captions: withEarlier(this.#state.captions, earlier) });
  }
}
