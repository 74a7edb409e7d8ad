/** What waits for a learner; the mark in the navigation. */

import { queryOptions } from "@tanstack/react-query";
import { client, read } from "./api";

export const newsQuery = queryOptions({
  queryKey: ["news"],
  queryFn: () => read(client.GET("/api/v1/users/me/news")),
  staleTime: 60_000,
  retry: false,
});
