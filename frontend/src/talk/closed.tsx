import { later } from "@/components/later";

/** What the talk page and the frame say while no call can begin. */
export const Closed = later("closed", async () => (await import("@/components/closed-notice")).ClosedNotice);
