/** What other pages say of lessons, with its texts: brought after the page. */

import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";

const Nothing: ComponentType<{ talking?: boolean }> = () => null;

/** Without a network there is nothing to say. */
const LazyCurrent = lazy(async () => {
  const load = part(() => import("./current-lesson"));
  const found = await Promise.all([load, openVolume("lessons")]).catch(() => null);
  return { default: found?.[0].CurrentLesson ?? Nothing };
});

/** Which lesson the call that is about to begin brings. */
export function LessonOfNextCall() {
  return (
    <Suspense fallback={null}>
      <LazyCurrent talking />
    </Suspense>
  );
}
