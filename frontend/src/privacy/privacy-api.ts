/** What is asked of the API about copies, retention, deleted calls, and who saw what. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { paths } from "@/api";
import { client, done, type Got, read } from "@/lib/api";

export type Copy = Got<"/api/v1/users/me/exports">["items"][number];
export type Retention = Got<"/api/v1/users/me/retention">;
export type DeletedCall = Got<"/api/v1/users/me/deleted-calls">["items"][number];
export type Sighting = Got<"/api/v1/users/me/audit">["items"][number];
type Link =
  paths["/api/v1/users/me/exports/{export_id}/link"]["post"]["responses"][200]["content"]["application/json"];

const SIGHTINGS_A_PAGE = 20;
const LOOK_EVERY_MS = 2_000;

export const privacyApi = {
  copies: () => read(client.GET("/api/v1/users/me/exports")).then((list) => list.items),
  askCopy: () => done(client.POST("/api/v1/users/me/exports")),
  linkCopy: (export_id: string) =>
    read<Link>(client.POST("/api/v1/users/me/exports/{export_id}/link", { params: { path: { export_id } } })),
  removeCopy: (export_id: string) =>
    done(client.DELETE("/api/v1/users/me/exports/{export_id}", { params: { path: { export_id } } })),
  retention: () => read(client.GET("/api/v1/users/me/retention")),
  keepFor: (own_days: number | null) =>
    read<Retention>(client.PUT("/api/v1/users/me/retention", { body: { own_days } })),
  deletedCalls: () => read(client.GET("/api/v1/users/me/deleted-calls")).then((list) => list.items),
  deleteCall: (call_id: string) =>
    done(client.DELETE("/api/v1/calls/{call_id}", { params: { path: { call_id } } })),
  restoreCall: (call_id: string) =>
    done(client.POST("/api/v1/calls/{call_id}/restore", { params: { path: { call_id } } })),
  sightings: (cursor: string | null) =>
    read(
      client.GET("/api/v1/users/me/audit", {
        params: {
          query: cursor === null ? { limit: SIGHTINGS_A_PAGE } : { cursor, limit: SIGHTINGS_A_PAGE },
        },
      }),
    ),
};

/** Looked at again and again while a copy is being made. */
export const copiesQuery = queryOptions({
  queryKey: ["copies"],
  queryFn: privacyApi.copies,
  staleTime: 0,
  refetchInterval: ({ state }) =>
    state.data?.some((copy) => copy.state === "making") ? LOOK_EVERY_MS : false,
});

export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: privacyApi.retention,
  staleTime: 0,
});

export const deletedCallsQuery = queryOptions({
  queryKey: ["deleted-calls"],
  queryFn: privacyApi.deletedCalls,
  staleTime: 0,
});

export const sightingsQuery = infiniteQueryOptions({
  queryKey: ["sightings"],
  queryFn: ({ pageParam }) => privacyApi.sightings(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});
