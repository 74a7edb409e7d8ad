import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import type { Volume } from "@/i18n/volumes";
import { part } from "@/pwa/stale";

function Nothing() {
  return null;
}

/** A part of a page that is brought after it, with its texts; where it cannot be had, nothing else suffers. */
export function later<Props extends object>(
  volume: Volume,
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const Part = lazy(async () => {
    const found = await Promise.all([part(load), openVolume(volume)]).catch(() => null);
    return { default: found?.[0] ?? (Nothing as ComponentType<Props>) };
  }) as ComponentType<Props>;
  return (props) => (
    <Suspense fallback={null}>
      <Part {...props} />
    </Suspense>
  );
}
