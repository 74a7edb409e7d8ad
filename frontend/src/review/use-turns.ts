import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { reviewTurnsQuery } from "./review-api";

/** The whole transcript of a call: one page after the other is asked for until all are there. */
export function useTurns(callId: string) {
  const pages = useInfiniteQuery(reviewTurnsQuery(callId));
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const turns = useMemo(() => pages.data?.pages.flatMap((page) => page.items), [pages.data]);
  return { pages, turns };
}
