/** What the talk page says about recording. */

import { later } from "@/components/later";

/** Asks, once, whether calls may be recorded. */
export const RecordingQuestion = later(
  "recording",
  async () => (await import("./recording-question")).RecordingQuestion,
);

/** Says during a call that it is recorded, and lets the learner end that. */
export const RecordingLight = later(
  "recording",
  async () => (await import("./recording-light")).RecordingLight,
);
