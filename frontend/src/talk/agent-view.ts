/** The coach as its attributes tell, whichever way they came. */

import { ATTRIBUTE_ANSWERED_BY, ATTRIBUTE_RECORDING, ATTRIBUTE_WAITS } from "@/lib/room";
import type { AgentActivity, AgentView, AnsweredBy } from "./types";

const ATTRIBUTE_AGENT_STATE = "lk.agent.state";
const ACTIVITIES: readonly AgentActivity[] = ["initializing", "idle", "listening", "thinking", "speaking"];

export function agentView(identity: string, attributes: Readonly<Record<string, string>>): AgentView {
  const answeredBy = attributes[ATTRIBUTE_ANSWERED_BY];
  const recording = attributes[ATTRIBUTE_RECORDING];
  return {
    identity,
    activity: ACTIVITIES.find((known) => known === attributes[ATTRIBUTE_AGENT_STATE]) ?? null,
    answeredBy:
      answeredBy === "guided" || answeredBy === "language_model" ? (answeredBy as AnsweredBy) : null,
    recording: recording === "on" || recording === "stopped" ? recording : null,
    waits: attributes[ATTRIBUTE_WAITS] === "on",
  };
}
