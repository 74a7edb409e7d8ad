import { QueryClientProvider } from "@tanstack/react-query";
import { Outlet, useRouteContext } from "@tanstack/react-router";

/** Round every page that reads from the API. */
export function DataLayout() {
  const { client } = useRouteContext({ from: "/data" });
  return (
    <QueryClientProvider client={client}>
      <Outlet />
    </QueryClientProvider>
  );
}
