/** What the talk page says about recording, with its texts: brought when there is something to say. */

import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";

const Nothing: ComponentType = () => null;

/** Without a network nothing is recorded either, so that nothing need be said. */
function later(load: () => Promise<ComponentType>) {
  return lazy(async () => {
    const found = await Promise.all([part(load), openVolume("recording")]).catch(() => null);
    return { default: found?.[0] ?? Nothing };
  });
}

const LazyQuestion = later(async () => (await import("./recording-question")).RecordingQuestion);
const LazyLight = later(async () => (await import("./recording-light")).RecordingLight);

/** Asks, once, whether calls may be recorded. */
export function RecordingQuestion() {
  return (
    <Suspense fallback={null}>
      <LazyQuestion />
    </Suspense>
  );
}

/** Says during a call that it is recorded, and lets the learner end that. */
export function RecordingLight() {
  return (
    <Suspense fallback={null}>
      <LazyLight />
    </Suspense>
  );
}
