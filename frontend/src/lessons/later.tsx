import { later } from "@/components/later";

const Current = later("lessons", async () => (await import("./current-lesson")).CurrentLesson);

/** Which lesson the call that is about to begin brings. */
export function LessonOfNextCall() {
  return <Current talking />;
}
