/** What the frame says of instructors, with its texts: brought after the page. */

import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";

const Nothing: ComponentType = () => null;

/** Without a network there is nothing to say. */
function later(load: () => Promise<ComponentType>) {
  return lazy(async () => {
    const found = await Promise.all([part(load), openVolume("feedback")]).catch(() => null);
    return { default: found?.[0] ?? Nothing };
  });
}

const LazyMark = later(async () => (await import("@/history/news-mark")).NewsMark);
const LazyDue = later(async () => (await import("@/practice/due-mark")).DueMark);
const LazyListened = later(async () => (await import("@/talk/listened")).Listened);

/** How much waits for the learner, beside the name of the page where it is. */
export function NewsMark() {
  return (
    <Suspense fallback={null}>
      <LazyMark />
    </Suspense>
  );
}

/** How many items are due for review, beside the name of the page where they are. */
export function DueMark() {
  return (
    <Suspense fallback={null}>
      <LazyDue />
    </Suspense>
  );
}

/** That an instructor listens in. */
export function Listened() {
  return (
    <Suspense fallback={null}>
      <LazyListened />
    </Suspense>
  );
}
