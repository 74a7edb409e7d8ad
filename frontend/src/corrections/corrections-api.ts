/** What was found in a learner's words, and its dismissal as wrong. */

import { queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read } from "@/lib/api";
import { networkFirst } from "@/lib/kept";

export type CallCorrections = Got<"/api/v1/calls/{call_id}/corrections">;
export type TurnCorrection = CallCorrections["items"][number];

/** Who reads: the learner, or somebody who looks after them. */
export type Reader = "learner" | "teacher";

/** Right after a call its words are still being looked at. */
const FOUND_LATER_MS = 5_000;
const LOOKS = 6;

function readCorrections(callId: string, reader: Reader): Promise<CallCorrections> {
  const params = { params: { path: { call_id: callId } } };
  return reader === "learner"
    ? read(client.GET("/api/v1/calls/{call_id}/corrections", params))
    : read(client.GET("/api/v1/review/calls/{call_id}/corrections", params));
}

export const correctionsQuery = (callId: string, reader: Reader) =>
  queryOptions({
    queryKey: ["corrections", reader, callId],
    queryFn: () => readCorrections(callId, reader),
    persister: networkFirst,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.checked_turns === 0 && state.dataUpdateCount < LOOKS ? FOUND_LATER_MS : false,
  });

export function setDismissed(correction: TurnCorrection, dismissed: boolean): Promise<unknown> {
  const params = { params: { path: { correction_id: correction.id } } };
  return dismissed
    ? done(client.PUT("/api/v1/corrections/{correction_id}/dismissal", params))
    : done(client.DELETE("/api/v1/corrections/{correction_id}/dismissal", params));
}
