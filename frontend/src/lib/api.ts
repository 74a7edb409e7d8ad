/**
 * The one door to the API: typed by `api.d.ts`, every failure an `ApiError`.
 *
 * What only some pages ask for stands with them, over `client`, `read` and `done`, and is loaded with them.
 */

import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "@/api";
import { noteSignIn } from "./cookies";
import { setKeptAccount } from "./known";
import { noteAnswer } from "./reachable";

type Content<R> = R extends { content: { "application/json": infer Body } } ? Body : never;
export type Got<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: infer R } } }
  ? Content<R>
  : never;
export type Sent<Path extends keyof paths, Method extends "post" | "patch"> = paths[Path] extends {
  [M in Method]: { requestBody: infer R };
}
  ? Content<R>
  : never;

export type User = Got<"/api/v1/users/me">;
export type Session = Got<"/api/v1/sessions/default">;
export type Call = Got<"/api/v1/calls/{call_id}">;
export type CallPage = Got<"/api/v1/sessions/{session_id}/calls">;
export type TurnPage = Got<"/api/v1/calls/{call_id}/turns">;
export type Turn = TurnPage["items"][number];
export type Preferences = Got<"/api/v1/users/me/preferences">;
export type PublicConfig = Got<"/api/v1/config">;
export type Patience = Preferences["patience"];
export interface RoomPass {
  serverUrl: string;
  token: string;
}

/** A request that did not succeed. `code` is the API's stable code, or `network` when no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly retryAfterSeconds: number | null = null,
    readonly details: readonly unknown[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Works on insecure origins too, where `crypto.randomUUID` does not exist. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const correlate: Middleware = {
  onRequest({ request }) {
    request.headers.set("X-Request-ID", newRequestId());
    return request;
  },
};

/** A network that swallows requests must not hold a page for ever. */
const SILENCE_MS = 30_000;

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: (request) => globalThis.fetch(request, { signal: AbortSignal.timeout(SILENCE_MS) }),
});
client.use(correlate);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function toApiError(error: unknown, response: Response): ApiError {
  const envelope = (error as { error?: Record<string, unknown> } | null)?.error;
  const code = typeof envelope?.code === "string" ? envelope.code : "unexpected";
  const message = typeof envelope?.message === "string" ? envelope.message : response.statusText;
  const requestId = typeof envelope?.request_id === "string" ? envelope.request_id : null;
  const details = Array.isArray(envelope?.details) ? envelope.details : [];
  return new ApiError(response.status, code, message, requestId, retryAfter(response), details);
}

async function settle<T>(pending: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await pending;
    noteAnswer(true);
  } catch (cause) {
    noteAnswer(false);
    throw new ApiError(0, "network", cause instanceof Error ? cause.message : "no answer");
  }
  if (!answer.response.ok) throw toApiError(answer.error, answer.response);
  return answer;
}

export async function read<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, response } = await settle(pending);
  if (data === undefined) throw new ApiError(response.status, "unexpected", "empty answer");
  return data;
}

export async function done(pending: Promise<Answer<unknown>>): Promise<void> {
  await settle(pending);
}

const PAGE_SIZE = 20;
const TURN_PAGE_SIZE = 100;

function page(cursor: string | null, limit: number): { cursor?: string; limit: number } {
  return cursor === null ? { limit } : { cursor, limit };
}

export const api = {
  config: () => read<PublicConfig>(client.GET("/api/v1/config")),
  me: () => read<User>(client.GET("/api/v1/users/me")),
  updateMe: (body: Sent<"/api/v1/users/me", "patch">) =>
    read<User>(client.PATCH("/api/v1/users/me", { body })),
  register: (body: Sent<"/api/v1/auth/register", "post">) =>
    read<User>(client.POST("/api/v1/auth/register", { body })),
  signIn: async (body: Sent<"/api/v1/auth/login", "post">) => {
    // From here on answers may be another account's; who it is, the next `me` says.
    setKeptAccount(null);
    await done(client.POST("/api/v1/auth/login", { body }));
    noteSignIn();
  },
  signOut: () => done(client.POST("/api/v1/auth/logout")),
  preferences: () => read<Preferences>(client.GET("/api/v1/users/me/preferences")),
  updatePreferences: (body: Sent<"/api/v1/users/me/preferences", "patch">) =>
    read<Preferences>(client.PATCH("/api/v1/users/me/preferences", { body })),
  defaultSession: () => read<Session>(client.GET("/api/v1/sessions/default")),
  roomPass: async (): Promise<RoomPass> => {
    const answer = await read(client.POST("/api/v1/sessions/default/token", { body: {} }));
    return { serverUrl: answer.server_url, token: answer.participant_token };
  },
  calls: (sessionId: string, cursor: string | null = null, limit = PAGE_SIZE) =>
    read<CallPage>(
      client.GET("/api/v1/sessions/{session_id}/calls", {
        params: { path: { session_id: sessionId }, query: page(cursor, limit) },
      }),
    ),
  call: (callId: string) =>
    read<Call>(client.GET("/api/v1/calls/{call_id}", { params: { path: { call_id: callId } } })),
  turns: (callId: string, cursor: string | null = null, limit = TURN_PAGE_SIZE) =>
    read<TurnPage>(
      client.GET("/api/v1/calls/{call_id}/turns", {
        params: { path: { call_id: callId }, query: page(cursor, limit) },
      }),
    ),
};
