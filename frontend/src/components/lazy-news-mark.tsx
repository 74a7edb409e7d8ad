import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";

const Nothing: ComponentType = () => null;

/** Comes with its texts after the page; without a network there is nothing to say. */
const Mark = lazy(async () => {
  const load = Promise.all([part(() => import("@/history/news-mark")), openVolume("feedback")]);
  const found = await load.catch(() => null);
  return { default: found?.[0].NewsMark ?? Nothing };
});

/** How much waits for the learner, beside the name of the page where it is. */
export function NewsMark() {
  return (
    <Suspense fallback={null}>
      <Mark />
    </Suspense>
  );
}
