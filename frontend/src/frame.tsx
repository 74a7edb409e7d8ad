import { PublicLayout } from "./components/public-layout";
import { SignedInLayout } from "./components/signed-in-layout";
import { isKnown } from "./lib/known";

/** One frame for pages that both strangers and learners read, so that a call survives a look at the help. */
export function Frame() {
  return isKnown() ? <SignedInLayout /> : <PublicLayout />;
}
