/** What the talk page and the frame say while no call can begin, with its texts: brought when there is need. */

import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";
import type { ClosedProblem } from "./types";

const Nothing: ComponentType<{ why: ClosedProblem }> = () => null;

const Notice = lazy(async () => {
  const found = await Promise.all([
    part(async () => (await import("@/components/closed-notice")).ClosedNotice),
    openVolume("closed"),
  ]).catch(() => null);
  return { default: found?.[0] ?? Nothing };
});

export function Closed({ why }: { why: ClosedProblem }) {
  return (
    <Suspense fallback={null}>
      <Notice why={why} />
    </Suspense>
  );
}
