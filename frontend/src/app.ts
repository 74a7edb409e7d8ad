/** The parts of the page, put together; `main.tsx` and the tests start from here. */

import type { QueryClient } from "@tanstack/react-query";
import type { RouterHistory } from "@tanstack/react-router";
import { setCallState } from "./lib/in-call";
import { onAccountChangedElsewhere } from "./lib/known";
import { onReachable, watchNetwork } from "./lib/reachable";
import { watchSystemTheme } from "./lib/theme";
import { part } from "./pwa/stale";
import { createAppRouter } from "./router";

type Router = ReturnType<typeof createAppRouter>;

interface App {
  router: Router;
  /** What is known of the API; made when the first page asks for it. */
  queries: () => Promise<QueryClient>;
}

export function createApp(history?: RouterHistory): App {
  watchSystemTheme();
  watchNetwork();
  onAccountChangedElsewhere(startAnew);
  let made: Promise<QueryClient> | undefined;
  const make = async () => {
    const { createQueryClient, meQuery } = await part(() => import("./lib/queries"));
    const client = createQueryClient(() => {
      // Someone who was never signed in is led to the sign-in page by the route itself.
      if (client.getQueryData(meQuery.queryKey) === undefined) return;
      client.removeQueries({ queryKey: meQuery.queryKey });
      const next = router.state.location.href;
      void router.navigate({ to: "/sign-in", search: { next, expired: true } });
    });
    onReachable((reachable) => {
      if (reachable) void client.refetchQueries({ type: "active" });
    });
    return client;
  };
  const queries = () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  const router = createAppRouter(queries, history);
  onReachable((reachable) => {
    if (reachable && hasFailed(router)) void router.invalidate();
  });
  return { router, queries };
}

function hasFailed(router: Router): boolean {
  return router.state.matches.some((match) => match.status === "error");
}

/** Nothing of the account before may stay on screen, nor its call go on. */
function startAnew(): void {
  setCallState("none");
  window.location.assign("/");
}
