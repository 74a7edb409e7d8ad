/** What the screens read from the API, with the keys under which it is cached. */

import { infiniteQueryOptions, QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { ApiError, api, type CallPage, type TurnPage } from "./api";
import { networkFirst } from "./kept";

/** A refusal will not turn into a yes by asking again; silence and overload may. */
function worthRetrying(failures: number, error: Error): boolean {
  if (!(error instanceof ApiError)) return false;
  return failures < 2 && navigator.onLine && (error.status === 0 || error.status >= 500);
}

export function isSessionExpired(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

export function createQueryClient(onSessionExpired: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSessionExpired(error)) onSessionExpired();
      },
    }),
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 30_000, networkMode: "always", refetchOnReconnect: false },
      mutations: { networkMode: "always" },
    },
  });
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: api.me,
  persister: networkFirst,
  staleTime: 300_000,
});

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: api.config,
  staleTime: Number.POSITIVE_INFINITY,
});

export const preferencesQuery = queryOptions({ queryKey: ["preferences"], queryFn: api.preferences });

/** Never served from cache: whether a call is open decides what the talk screen offers. */
export const defaultSessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: api.defaultSession,
  persister: networkFirst,
  staleTime: 0,
});

export const callsQuery = (sessionId: string) =>
  infiniteQueryOptions({
    queryKey: ["calls", sessionId],
    queryFn: ({ pageParam }) => api.calls(sessionId, pageParam),
    persister: networkFirst<CallPage, string[], string | null>,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });

export const callQuery = (callId: string) =>
  queryOptions({
    queryKey: ["call", callId],
    queryFn: () => api.call(callId),
    persister: networkFirst,
    staleTime: 0,
  });

export const turnsQuery = (callId: string) =>
  infiniteQueryOptions({
    queryKey: ["turns", callId],
    queryFn: ({ pageParam }) => api.turns(callId, pageParam),
    persister: networkFirst<TurnPage, string[], string | null>,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });
