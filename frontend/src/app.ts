/** The parts of the page, put together; `main.tsx` and the tests start from here. */

import type { QueryClient } from "@tanstack/react-query";
import type { RouterHistory } from "@tanstack/react-router";
import { startI18n } from "./i18n";
import { createQueryClient, meQuery } from "./lib/queries";
import { watchSystemTheme } from "./lib/theme";
import { createAppRouter } from "./router";

export function createApp(history?: RouterHistory): {
  queries: QueryClient;
  router: ReturnType<typeof createAppRouter>;
} {
  startI18n();
  watchSystemTheme();
  const queries = createQueryClient(() => {
    // Someone who was never signed in is led to the sign-in page by the route itself.
    if (queries.getQueryData(meQuery.queryKey) === undefined) return;
    queries.removeQueries({ queryKey: meQuery.queryKey });
    const next = router.state.location.href;
    void router.navigate({ to: "/sign-in", search: { next, expired: true } });
  });
  const router = createAppRouter(queries, history);
  return { queries, router };
}
