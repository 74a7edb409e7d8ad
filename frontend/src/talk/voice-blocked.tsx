/** What the talk page says where a network lets no sound through, with its texts: brought when there is need. */

import { lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";

const Nothing = () => null;

const Notice = lazy(async () => {
  const found = await Promise.all([
    part(async () => (await import("./voice-blocked-notice")).VoiceBlockedNotice),
    openVolume("writing"),
  ]).catch(() => null);
  return { default: found?.[0] ?? Nothing };
});

export function VoiceBlocked() {
  return (
    <Suspense fallback={null}>
      <Notice />
    </Suspense>
  );
}
