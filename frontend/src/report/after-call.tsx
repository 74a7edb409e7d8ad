import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";

/** Comes with its texts once a call has ended; without a network there is none, and nothing else suffers. */
const Card = lazy(async (): Promise<{ default: ComponentType<{ callId: string }> }> => {
  try {
    const [{ ReportCard }] = await Promise.all([part(() => import("./report-card")), openVolume("report")]);
    return { default: ReportCard };
  } catch {
    return { default: () => null };
  }
});

/** The report under the end of a call. */
export function ReportAfterCall({ callId }: { callId: string }) {
  return (
    <Suspense fallback={null}>
      <Card callId={callId} />
    </Suspense>
  );
}
