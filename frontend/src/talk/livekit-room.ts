/** A `CallRoom` over livekit-client. Loaded only when a call starts: it is the heaviest part of the page. */

import {
  type AudioAnalyserOptions,
  createAudioAnalyser,
  createLocalAudioTrack,
  DisconnectReason,
  type LocalAudioTrack,
  RemoteAudioTrack,
  type RemoteParticipant,
  Room,
  RoomEvent,
  type TextStreamReader,
  Track,
} from "livekit-client";
import type { RoomPass } from "@/lib/api";
import { microphoneConstraints } from "@/lib/microphone";
import {
  LISTENED_IN,
  TOPIC_CORRECTIONS,
  TOPIC_EXAM,
  TOPIC_LESSON,
  TOPIC_NOTICE,
  TOPIC_SOURCES,
  TOPIC_VISUAL,
} from "@/lib/room";
import { agentView } from "./agent-view";
import type { ShownTopic } from "./shown";
import type { CallRoom, Farewell, Microphone, RoomEvents } from "./types";

const SHOWN = {
  lesson: TOPIC_LESSON,
  visual: TOPIC_VISUAL,
  exam: TOPIC_EXAM,
  corrections: TOPIC_CORRECTIONS,
  sources: TOPIC_SOURCES,
} as const;
const TOPIC_TRANSCRIPTION = "lk.transcription";
const TOPIC_CHAT = "lk.chat";
const ATTRIBUTE_SEGMENT = "lk.segment_id";
const ATTRIBUTE_FINAL = "lk.transcription_final";

const ANALYSER: AudioAnalyserOptions = { fftSize: 256, smoothingTimeConstant: 0.6 };

class LiveKitMicrophone implements Microphone {
  constructor(readonly track: LocalAudioTrack) {}

  stop(): void {
    this.track.stop();
  }
}

export async function openMicrophone(): Promise<Microphone> {
  const track = await createLocalAudioTrack(microphoneConstraints());
  return new LiveKitMicrophone(track);
}

export function toFarewell(reason: DisconnectReason | undefined): Farewell {
  switch (reason) {
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "other_tab";
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
    case DisconnectReason.PARTICIPANT_REMOVED:
      return "ended_by_coach";
    default:
      return "lost";
  }
}

type Meter = ReturnType<typeof createAudioAnalyser>;

export class LiveKitCallRoom implements CallRoom {
  readonly room = new Room({ adaptiveStream: false, dynacast: false });
  readonly #meters = new Map<"learner" | "coach", Meter>();
  #leaving = false;

  constructor(private readonly events: RoomEvents) {
    this.#listen();
    this.room.registerTextStreamHandler(TOPIC_TRANSCRIPTION, (reader, sender) => {
      void this.#readTranscription(reader, sender.identity);
    });
    this.room.registerTextStreamHandler(TOPIC_NOTICE, (reader) => {
      reader.readAll().then(this.events.onNotice, () => undefined);
    });
    for (const kind of Object.keys(SHOWN) as ShownTopic[]) {
      this.room.registerTextStreamHandler(SHOWN[kind], (reader) => {
        reader.readAll().then(
          (raw) => this.events.onShown(kind, raw),
          () => undefined,
        );
      });
    }
  }

  async connect(pass: RoomPass | null): Promise<void> {
    if (pass === null) throw new TypeError("a room needs a pass");
    await this.room.connect(pass.serverUrl, pass.token);
    this.#reportAgent();
    this.#reportListening();
    this.events.onSoundBlocked(!this.room.canPlaybackAudio);
  }

  async publishMicrophone(microphone: Microphone): Promise<void> {
    if (!(microphone instanceof LiveKitMicrophone)) throw new TypeError("not a LiveKit microphone");
    await this.room.localParticipant.publishTrack(microphone.track, { source: Track.Source.Microphone });
    microphone.track.mediaStreamTrack.addEventListener("ended", () => {
      if (!this.#leaving) this.events.onMicrophoneLost();
    });
    this.#meter("learner", microphone.track);
  }

  async setMuted(muted: boolean): Promise<void> {
    const track = this.room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
    await (muted ? track?.mute() : track?.unmute());
  }

  async sendMessage(text: string): Promise<void> {
    await this.room.localParticipant.sendText(text, { topic: TOPIC_CHAT });
  }

  async call(method: string, payload: string, timeoutMs: number): Promise<string> {
    const agent = this.#agent();
    if (agent === undefined) throw new Error("no coach in the room");
    return this.room.localParticipant.performRpc({
      destinationIdentity: agent.identity,
      method,
      payload,
      responseTimeout: timeoutMs,
    });
  }

  async startSound(): Promise<void> {
    await this.room.startAudio();
  }

  levels(): { learner: number; coach: number } {
    return { learner: this.#level("learner"), coach: this.#level("coach") };
  }

  async disconnect(): Promise<void> {
    this.#leaving = true;
    for (const meter of this.#meters.values()) void meter.cleanup();
    this.#meters.clear();
    this.#silence();
    await this.room.disconnect();
  }

  #listen(): void {
    this.room
      .on(RoomEvent.ParticipantConnected, this.#reportAgent)
      .on(RoomEvent.ParticipantAttributesChanged, this.#reportAgent)
      .on(RoomEvent.ParticipantActive, this.#reportAgent)
      .on(RoomEvent.ParticipantDisconnected, (participant) => {
        if (participant.isAgent && this.#agent() === undefined) this.events.onAgent(null);
      })
      .on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
        if (!participant.isAgent || !(track instanceof RemoteAudioTrack)) return;
        document.body.append(track.attach());
        this.#meter("coach", track);
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const element of track.detach()) element.remove();
      })
      .on(RoomEvent.RoomMetadataChanged, this.#reportListening)
      .on(RoomEvent.SignalReconnecting, () => this.events.onReconnecting(true))
      .on(RoomEvent.Reconnecting, () => this.events.onReconnecting(true))
      .on(RoomEvent.Reconnected, () => {
        this.events.onReconnecting(false);
        this.#reportAgent();
        this.#reportListening();
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => {
        this.events.onSoundBlocked(!this.room.canPlaybackAudio);
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (!this.#leaving) this.events.onDisconnected(toFarewell(reason));
      });
  }

  /** Hanging up is heard at once, also while the goodbye to the server is still under way. */
  #silence(): void {
    for (const participant of this.room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        for (const element of publication.track?.detach() ?? []) element.remove();
      }
    }
  }

  /** The newest agent: for a moment after a hand-over the old one may still be listed. */
  #agent(): RemoteParticipant | undefined {
    const agents = [...this.room.remoteParticipants.values()].filter((participant) => participant.isAgent);
    return agents.sort((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0)).at(-1);
  }

  readonly #reportAgent = (): void => {
    const agent = this.#agent();
    if (agent !== undefined) this.events.onAgent(agentView(agent.identity, agent.attributes));
  };

  readonly #reportListening = (): void => this.events.onListened(this.room.metadata === LISTENED_IN);

  /** The coach's segments grow chunk by chunk within one stream; the learner's come whole, one stream a version. */
  async #readTranscription(reader: TextStreamReader, identity: string): Promise<void> {
    const segmentId = reader.info.attributes?.[ATTRIBUTE_SEGMENT] ?? reader.info.id;
    const fromLearner = identity === this.room.localParticipant.identity;
    const emit = (text: string, final: boolean) =>
      this.events.onTranscription({ segmentId, fromLearner, text, final });
    let text = "";
    try {
      for await (const chunk of reader) {
        text += chunk;
        emit(text, false);
      }
    } catch {
      // The speaker went away in the middle: what was heard stands.
    }
    // A closing agent stream carries its final mark in the trailer, which has been merged by now.
    const final = !fromLearner || reader.info.attributes?.[ATTRIBUTE_FINAL] === "true";
    emit(text, final);
  }

  #meter(side: "learner" | "coach", track: Parameters<typeof createAudioAnalyser>[0]): void {
    void this.#meters.get(side)?.cleanup();
    try {
      this.#meters.set(side, createAudioAnalyser(track, { ...ANALYSER, cloneTrack: false }));
    } catch {
      // Without Web Audio the call goes on; only the drawing stays still.
      this.#meters.delete(side);
    }
  }

  #level(side: "learner" | "coach"): number {
    const volume = this.#meters.get(side)?.calculateVolume() ?? 0;
    return Number.isFinite(volume) ? Math.min(1, volume) : 0;
  }
}

/** A room for somebody who only hears it. */
export class ListeningRoom {
  readonly #room = new Room({ adaptiveStream: false, dynacast: false });
  #leaving = false;

  constructor(onEnd: () => void) {
    this.#room
      .on(RoomEvent.TrackSubscribed, (track) => {
        if (track instanceof RemoteAudioTrack) document.body.append(track.attach());
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const element of track.detach()) element.remove();
      })
      .on(RoomEvent.Disconnected, () => {
        if (!this.#leaving) onEnd();
      });
  }

  async connect(pass: RoomPass): Promise<void> {
    await this.#room.connect(pass.serverUrl, pass.token);
    await this.#room.startAudio();
  }

  async disconnect(): Promise<void> {
    this.#leaving = true;
    for (const participant of this.#room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        for (const element of publication.track?.detach() ?? []) element.remove();
      }
    }
    await this.#room.disconnect();
  }
}
