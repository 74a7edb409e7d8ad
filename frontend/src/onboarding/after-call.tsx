import { later } from "@/components/later";
import { keptPlacement } from "./kept-placement";

const Found = later("onboarding", async () => (await import("./found-level")).FoundLevel);

/** The level under the end of the call that it was found in. */
export function PlacementAfterCall() {
  const id = keptPlacement();
  return id === null ? null : <Found id={id} />;
}
