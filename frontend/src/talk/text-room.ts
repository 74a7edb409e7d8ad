/** A `CallRoom` over plain HTTPS, for networks that let no call through: words come as server-sent events. */

import { client, done, read } from "@/lib/api";
import { RPC_COMMAND, RPC_END_CALL, RPC_SET_PATIENCE, RPC_STOP_RECORDING } from "@/lib/room";
import { agentView } from "./agent-view";
import type { CallRoom, Farewell, RoomEvents } from "./types";

const BASE = "/api/v1/sessions/default/messages";
const COMMANDS = [RPC_COMMAND, RPC_SET_PATIENCE, RPC_STOP_RECORDING] as const;

const SHOWN = ["lesson", "visual", "exam", "corrections", "sources"] as const;

/** As the API names them; `EventSource` knows each by its own listener. */
interface Told {
  coach: { identity?: string; attributes?: Record<string, string> };
  caption: { segment_id: string; from_learner: boolean; text: string; final: boolean };
  notice: { value: unknown };
  lesson: { value: unknown };
  visual: { value: unknown };
  exam: { value: unknown };
  corrections: { value: unknown };
  sources: { value: unknown };
  listened: { listening: boolean };
  ended: { why: string };
}

function farewell(why: string): Farewell {
  if (why === "tab") return "other_tab";
  return why === "lost" || why === "alone" ? "lost" : "ended_by_coach";
}

export class TextCallRoom implements CallRoom {
  #stream: EventSource | null = null;
  #sent = 0;
  readonly #name = Math.random().toString(36).slice(2, 10);

  constructor(private readonly events: RoomEvents) {}

  async connect(): Promise<void> {
    const { position } = await read(client.POST(`${BASE}/join`));
    await this.#follow(position);
  }

  async publishMicrophone(): Promise<void> {
    throw new TypeError("no sound goes this way");
  }

  async setMuted(): Promise<void> {}

  async sendMessage(text: string): Promise<void> {
    this.#sent += 1;
    const message_id = `${this.#name}-${this.#sent}`;
    await done(client.POST(BASE, { body: { text, message_id } }));
  }

  async call(method: string, payload: string): Promise<string> {
    if (method === RPC_END_CALL) {
      await done(client.POST(`${BASE}/end`));
      return "";
    }
    const known = COMMANDS.find((name) => name === method);
    if (known === undefined) throw new TypeError(`unknown command ${method}`);
    return (await read(client.POST(`${BASE}/command`, { body: { method: known, payload } }))).answer;
  }

  async startSound(): Promise<void> {}

  levels(): { learner: number; coach: number } {
    return { learner: 0, coach: 0 };
  }

  async disconnect(): Promise<void> {
    this.#stream?.close();
    this.#stream = null;
  }

  #follow(position: string): Promise<void> {
    const stream = new EventSource(`${BASE}/stream?after=${encodeURIComponent(position)}`);
    this.#stream = stream;
    this.#listen(stream);
    return new Promise((resolve, reject) => {
      stream.addEventListener("open", () => {
        resolve();
        this.events.onReconnecting(false);
      });
      stream.addEventListener("error", () => {
        if (this.#stream !== stream) return;
        // While it is not closed the browser itself asks again, from the last event on.
        if (stream.readyState !== EventSource.CLOSED) return this.events.onReconnecting(true);
        reject(new Error("the stream was refused"));
        this.events.onDisconnected("lost");
      });
    });
  }

  #listen(stream: EventSource): void {
    const on = <Kind extends keyof Told>(kind: Kind, tell: (told: Told[Kind]) => void) =>
      stream.addEventListener(kind, (event) => tell(JSON.parse(event.data) as Told[Kind]));
    on("coach", ({ identity, attributes }) =>
      this.events.onAgent(identity === undefined ? null : agentView(identity, attributes ?? {})),
    );
    on("caption", (line) =>
      this.events.onTranscription({
        segmentId: line.segment_id,
        fromLearner: line.from_learner,
        text: line.text,
        final: line.final,
      }),
    );
    for (const kind of SHOWN) on(kind, ({ value }) => this.events.onShown(kind, JSON.stringify(value)));
    on("notice", ({ value }) => this.events.onNotice(JSON.stringify(value)));
    on("listened", ({ listening }) => this.events.onListened(listening));
    on("ended", ({ why }) => {
      void this.disconnect();
      this.events.onDisconnected(farewell(why));
    });
  }
}
