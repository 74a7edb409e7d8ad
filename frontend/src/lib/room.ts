/**
 * Names that cross a LiveKit room between browser, agent and API.
 *
 * A copy of `api/contract/room.py`, constant for constant; a test holds the two equal.
 */

export const AGENT_NAME = "coach";

export const LISTENER_PREFIX = "listener-";

export const LISTENED_IN = "avaaz.listened_in";

export const ATTRIBUTE_ANSWERED_BY = "avaaz.answered_by";

export const ATTRIBUTE_PATIENCE = "avaaz.patience";

export const ATTRIBUTE_RECORDING = "avaaz.recording";

export const ATTRIBUTE_WAITS = "avaaz.waits";

export const ATTRIBUTE_WRITES = "avaaz.writes";

export const TOPIC_NOTICE = "avaaz.notice";

export const TOPIC_VISUAL = "avaaz.visual";

export const TOPIC_LESSON = "avaaz.lesson";

export const TOPIC_CORRECTIONS = "avaaz.corrections";

export const TOPIC_SOURCES = "avaaz.sources";

export const TOPIC_EXAM = "avaaz.exam";

export const RPC_EXAM_DONE = "avaaz.exam_done";

export const RPC_COMMAND = "avaaz.command";

export const RPC_SET_PATIENCE = "avaaz.set_patience";

export const RPC_END_CALL = "avaaz.end_call";

export const RPC_STOP_RECORDING = "avaaz.stop_recording";

export const COMMANDS = ["repeat", "slower", "hint", "skip", "stop"] as const;

export const NOTICE_CODES = [
  "coach_resumed",
  "speech_unavailable",
  "hearing_unavailable",
  "model_unavailable",
  "message_refused",
  "time_limit",
  "record_delayed",
] as const;

export const DISPATCH_METADATA_KEYS = ["channel", "correlation_id"] as const;

export type NoticeCode = (typeof NOTICE_CODES)[number];
