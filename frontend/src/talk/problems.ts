/** From whatever a browser, LiveKit or the API throws to one of the problems that have words on screen. */

import { ApiError } from "@/lib/api";
import type { ClosedProblem, Problem, RareProblem } from "./types";

/** A failure of a call, already told apart. */
export class TalkError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem);
    this.name = "TalkError";
  }
}

/** Thrown inside a start that the learner has cancelled or replaced; nobody needs to hear of it. */
export class Superseded extends Error {}

/** Names of `DOMException`s that `getUserMedia` rejects with. */
const MICROPHONE_PROBLEMS: Record<string, Problem> = {
  NotAllowedError: "permission_denied",
  SecurityError: "insecure_origin",
  NotFoundError: "no_microphone",
  OverconstrainedError: "no_microphone",
  NotReadableError: "microphone_busy",
  AbortError: "microphone_busy",
};

/** The API's own codes that have words of their own here. */
const CODES: Record<string, Problem> = {
  server_full: "server_full",
  consent_needed: "consent_needed",
  email_unverified: "email_unverified",
  age_needed: "age_needed",
  maintenance: "maintenance",
  organisation_suspended: "organisation_suspended",
};

export function isClosed(problem: Problem): problem is ClosedProblem {
  return problem === "maintenance" || problem === "organisation_suspended";
}

/** Whether its words are brought by a part of their own. */
export function hasOwnWords(problem: Problem): problem is RareProblem {
  return isClosed(problem) || problem === "voice_blocked";
}

function fromApi(error: ApiError): Problem {
  if (error.status === 401) return "session_expired";
  const known = CODES[error.code];
  if (known !== undefined) return known;
  if (error.status === 429) return "rate_limited";
  return error.status === 0 ? "network" : "server";
}

export function toTalkError(error: unknown): TalkError {
  if (error instanceof TalkError) return error;
  if (error instanceof ApiError) return new TalkError(fromApi(error), error.retryAfterSeconds);
  const name = error instanceof Error ? error.name : "";
  return new TalkError(MICROPHONE_PROBLEMS[name] ?? "network");
}

/** Problems that trying again in a few seconds will not mend. */
const FINAL: readonly Problem[] = [
  "session_expired",
  "permission_denied",
  "no_microphone",
  "microphone_busy",
  "insecure_origin",
  "consent_needed",
  "email_unverified",
  "age_needed",
  "maintenance",
  "organisation_suspended",
];

export function isFinalProblem(error: unknown): boolean {
  return error instanceof Superseded || FINAL.includes(toTalkError(error).problem);
}

/** Where typing helps although the microphone does not. */
export function canTypeInstead(problem: Problem): boolean {
  return ["no_microphone", "permission_denied", "microphone_busy", "insecure_origin"].includes(problem);
}
