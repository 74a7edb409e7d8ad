import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { recall } from "@/lib/store";
import { part } from "@/pwa/stale";

const KEY = "avaaz.placement";

/** Comes with its texts where the call that ended was for finding a level. */
const Found = lazy(async (): Promise<{ default: ComponentType<{ id: string }> }> => {
  try {
    const [{ FoundLevel }] = await Promise.all([
      part(() => import("./found-level")),
      openVolume("onboarding"),
    ]);
    return { default: FoundLevel };
  } catch {
    return { default: () => null };
  }
});

/** The level under the end of the call that it was found in. */
export function PlacementAfterCall() {
  const id = recall("session", KEY);
  if (id === null) return null;
  return (
    <Suspense fallback={null}>
      <Found id={id} />
    </Suspense>
  );
}
