/** Recordings of calls and the consent to them, as the API has them. Loaded with the pages that play or ask. */

import { queryOptions } from "@tanstack/react-query";
import { client, type Got, read, type Turn } from "./api";

export type Recording = Got<"/api/v1/calls/{call_id}/recording">;
export type RecordingConsent = Got<"/api/v1/users/me/recording-consent">;

/** While a recording is put together, it is asked for so often. */
const PROCESSING_MS = 3_000;
/** Its link lasts a quarter of an hour. */
const LINK_FRESH_MS = 600_000;

export const recordingApi = {
  ofCall: (call_id: string) =>
    read<Recording>(client.GET("/api/v1/calls/{call_id}/recording", { params: { path: { call_id } } })),
  consent: () => read<RecordingConsent>(client.GET("/api/v1/users/me/recording-consent")),
  answer: (version: string, granted: boolean, erase = false) =>
    read<RecordingConsent>(
      client.PUT("/api/v1/users/me/recording-consent", { body: { version, granted, erase } }),
    ),
};

/** Never kept on the device: it holds an address that plays the call. */
export const recordingQuery = (callId: string) =>
  queryOptions({
    queryKey: ["recording", callId],
    queryFn: () => recordingApi.ofCall(callId),
    staleTime: LINK_FRESH_MS,
    refetchOnWindowFocus: false,
    refetchInterval: (query) => (query.state.data?.state === "processing" ? PROCESSING_MS : false),
  });

export const recordingConsentQuery = queryOptions({
  queryKey: ["recording-consent"],
  queryFn: recordingApi.consent,
});

export interface Span {
  start: number;
  end: number;
}

/** Where a turn is in a recording, in seconds; null where it is not in it, as what was typed. */
export function placeOf(
  turn: Pick<Turn, "started_at" | "ended_at" | "input_kind">,
  recording: Recording | undefined,
): Span | null {
  if (recording?.state !== "ready" || !recording.started_at || turn.input_kind === "text") return null;
  const beginning = Date.parse(recording.started_at);
  const start = (Date.parse(turn.started_at) - beginning) / 1_000;
  const end = (Date.parse(turn.ended_at) - beginning) / 1_000;
  if (end <= 0 || start >= (recording.duration_s ?? 0)) return null;
  return { start: Math.max(0, start), end };
}
