/** Round every page: the way back to a call that goes on elsewhere, and words about network, version and cookies. */

import { Link, Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { openVolume, useTranslation } from "@/i18n";
import { useCookiesRefused } from "@/lib/cookies";
import { useInCall } from "@/lib/in-call";
import { useReachable } from "@/lib/reachable";
import { part } from "./stale";
import type { UpdateState } from "./updates";

const Nothing = () => null;

const Notices = lazy(async () => {
  try {
    await openVolume("pwa");
    return { default: (await part(() => import("./notices"))).Notices };
  } catch {
    // The page itself is worth more than words about it.
    return { default: Nothing };
  }
});

export function Root() {
  const settled = useSettled();
  const update = useUpdates(settled);
  const reachable = useReachable();
  const cookiesRefused = useCookiesRefused();
  const tell = settled && (!reachable || cookiesRefused || update !== "none");
  return (
    <>
      <Outlet />
      <WayBack />
      {tell && (
        <Suspense>
          <Notices />
        </Suspense>
      )}
    </>
  );
}

/** False until the page has everything it began with: what can wait does not compete with it. */
function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const settle = () => setSettled(true);
    if (document.readyState === "complete") settle();
    else window.addEventListener("load", settle, { once: true });
    return () => window.removeEventListener("load", settle);
  }, []);
  return settled;
}

/** Registers the service worker, and uses the moments in which a new version can take over. */
function useUpdates(settled: boolean): UpdateState {
  const router = useRouter();
  const [state, setState] = useState<UpdateState>("none");
  useEffect(() => {
    if (!settled) return;
    const ends: (() => void)[] = [];
    const begin = async () => {
      const updates = await import("./updates");
      ends.push(updates.onUpdate(() => setState(updates.updateState())));
      ends.push(
        router.subscribe("onResolved", ({ pathChanged, fromLocation }) => {
          if (pathChanged && fromLocation !== undefined) updates.atSafeMoment();
        }),
      );
      await updates.startUpdates();
    };
    begin().catch(() => undefined);
    return () => {
      for (const end of ends) end();
    };
  }, [settled, router]);
  return state;
}

/** On pages without the learner's frame, whose own bar leads back. */
function WayBack() {
  const { t } = useTranslation();
  const calling = useInCall();
  const framed = useRouterState({
    select: (state) => state.matches.some((match) => match.routeId.startsWith("/data/frame")),
  });
  if (!calling || framed) return null;
  return (
    <nav aria-label={t("app.inCall")} className="fixed inset-x-0 bottom-0 z-40">
      <Link
        to="/"
        data-testid="way-back"
        className="flex min-h-11 items-center justify-center bg-primary px-4 py-2.5 font-semibold text-on-primary"
      >
        {t("app.inCall")}
      </Link>
    </nav>
  );
}
