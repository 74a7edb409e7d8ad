import { later } from "@/components/later";

/** What the talk page says where a network lets no sound through. */
export const VoiceBlocked = later(
  "writing",
  async () => (await import("./voice-blocked-notice")).VoiceBlockedNotice,
);
