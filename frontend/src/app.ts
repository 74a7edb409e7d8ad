/** The parts of the page, put together; `main.tsx` and the tests start from here. */

import type { QueryClient } from "@tanstack/react-query";
import type { RouterHistory } from "@tanstack/react-router";
import { watchSystemTheme } from "./lib/theme";
import { createAppRouter } from "./router";

interface App {
  router: ReturnType<typeof createAppRouter>;
  /** What is known of the API; made when the first page asks for it. */
  queries: () => Promise<QueryClient>;
}

export function createApp(history?: RouterHistory): App {
  watchSystemTheme();
  let made: Promise<QueryClient> | undefined;
  const make = async () => {
    const { createQueryClient, meQuery } = await import("./lib/queries");
    const client = createQueryClient(() => {
      // Someone who was never signed in is led to the sign-in page by the route itself.
      if (client.getQueryData(meQuery.queryKey) === undefined) return;
      client.removeQueries({ queryKey: meQuery.queryKey });
      const next = router.state.location.href;
      void router.navigate({ to: "/sign-in", search: { next, expired: true } });
    });
    return client;
  };
  const queries = () => {
    made ??= make();
    return made;
  };
  const router = createAppRouter(queries, history);
  return { router, queries };
}
