/** What only the instructor's pages ask of the API. Nothing of it is kept on the device: it is other people's talk. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read, type Sent } from "@/lib/api";

export type LearnerPage = Got<"/api/v1/review/learners">;
export type Learner = LearnerPage["items"][number];
export type LearnerProfile = Got<"/api/v1/review/learners/{learner_id}">;
export type Figures = Got<"/api/v1/analytics/learners/{learner_id}">;
export type ReviewedCall = Got<"/api/v1/review/learners/{learner_id}/calls">["items"][number];
export type CallReview = Got<"/api/v1/review/calls/{call_id}">;
export type Comment = CallReview["comments"][number];
export type Flag = CallReview["flags"][number];
export type FlagKind = Flag["kind"];
export type Bookmark = CallReview["bookmarks"][number];
export type Bookmarked = Got<"/api/v1/review/bookmarks">["items"][number];
export type Assignment = Got<"/api/v1/review/learners/{learner_id}/assignments">["items"][number];
export type NewComment = Sent<"/api/v1/review/calls/{call_id}/comments", "post">;
export type NewAssignment = Sent<"/api/v1/review/learners/{learner_id}/assignments", "post">;

export const FLAG_KINDS = ["attention", "good_example", "misheard", "technical"] as const;
export const SORTS = ["activity", "name", "minutes", "calls", "trend", "flags", "due"] as const;
export type Sort = (typeof SORTS)[number];
export type Order = "asc" | "desc";

export interface Wanted {
  sort: Sort;
  order: Order;
  search: string;
  program: string | null;
}

const TURNS_A_PAGE = 200;
/** A call that goes on is looked at so often. */
const OPEN_CALL_MS = 5_000;

function after(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}

export const reviewApi = {
  learners: ({ sort, order, search, program }: Wanted, cursor: string | null) =>
    read(
      client.GET("/api/v1/review/learners", {
        params: {
          query: { sort, order, search, ...(program ? { program_id: program } : {}), ...after(cursor) },
        },
      }),
    ),
  learner: (learner_id: string) =>
    read(client.GET("/api/v1/review/learners/{learner_id}", { params: { path: { learner_id } } })),
  figures: (learner_id: string, time_zone: string) =>
    read(
      client.GET("/api/v1/analytics/learners/{learner_id}", {
        params: { path: { learner_id }, query: { time_zone } },
      }),
    ),
  calls: (learner_id: string, cursor: string | null) =>
    read(
      client.GET("/api/v1/review/learners/{learner_id}/calls", {
        params: { path: { learner_id }, query: after(cursor) },
      }),
    ),
  assignments: (learner_id: string, cursor: string | null) =>
    read(
      client.GET("/api/v1/review/learners/{learner_id}/assignments", {
        params: { path: { learner_id }, query: after(cursor) },
      }),
    ),
  assign: (learner_id: string, body: NewAssignment) =>
    read(
      client.POST("/api/v1/review/learners/{learner_id}/assignments", {
        params: { path: { learner_id } },
        body,
      }),
    ),
  removeAssignment: ({ id, version }: Pick<Assignment, "id" | "version">) =>
    done(
      client.DELETE("/api/v1/review/assignments/{assignment_id}", {
        params: { path: { assignment_id: id }, query: { version } },
      }),
    ),
  call: (call_id: string) =>
    read(client.GET("/api/v1/review/calls/{call_id}", { params: { path: { call_id } } })),
  turns: (call_id: string, cursor: string | null) =>
    read(
      client.GET("/api/v1/review/calls/{call_id}/turns", {
        params: { path: { call_id }, query: { limit: TURNS_A_PAGE, ...after(cursor) } },
      }),
    ),
  answersRead: (call_id: string) =>
    done(client.POST("/api/v1/review/calls/{call_id}/answers/read", { params: { path: { call_id } } })),
  comment: (call_id: string, body: NewComment) =>
    read(client.POST("/api/v1/review/calls/{call_id}/comments", { params: { path: { call_id } }, body })),
  changeComment: (comment_id: string, body: { text: string; version: number }) =>
    read(client.PATCH("/api/v1/review/comments/{comment_id}", { params: { path: { comment_id } }, body })),
  deleteComment: ({ id, version }: Pick<Comment, "id" | "version">) =>
    done(
      client.DELETE("/api/v1/review/comments/{comment_id}", {
        params: { path: { comment_id: id }, query: { version } },
      }),
    ),
  flag: (call_id: string, body: Sent<"/api/v1/review/calls/{call_id}/flags", "post">) =>
    read(client.POST("/api/v1/review/calls/{call_id}/flags", { params: { path: { call_id } }, body })),
  changeFlag: (flag_id: string, body: Sent<"/api/v1/review/flags/{flag_id}", "patch">) =>
    read(client.PATCH("/api/v1/review/flags/{flag_id}", { params: { path: { flag_id } }, body })),
  bookmark: (call_id: string, turn_id: string | null) =>
    read(
      client.POST("/api/v1/review/calls/{call_id}/bookmarks", {
        params: { path: { call_id } },
        body: { turn_id },
      }),
    ),
  removeBookmark: (bookmark_id: string) =>
    done(client.DELETE("/api/v1/review/bookmarks/{bookmark_id}", { params: { path: { bookmark_id } } })),
  listen: (call_id: string) =>
    read(client.POST("/api/v1/review/calls/{call_id}/listen", { params: { path: { call_id } } })),
  bookmarks: (cursor: string | null) =>
    read(client.GET("/api/v1/review/bookmarks", { params: { query: after(cursor) } })),
};

/** Where the browser downloads a transcript from. */
export function transcriptAddress(callId: string, format: "txt" | "csv" | "pdf"): string {
  return `/api/v1/review/calls/${callId}/transcript?format=${format}`;
}

const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? null,
  staleTime: 0,
};

export const learnersQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ["review", "learners", wanted],
    queryFn: ({ pageParam }) => reviewApi.learners(wanted, pageParam),
    placeholderData: keepPreviousData,
  });

export const learnerQuery = (id: string) =>
  queryOptions({ queryKey: ["review", "learner", id], queryFn: () => reviewApi.learner(id), staleTime: 0 });

export const figuresQuery = (id: string) =>
  queryOptions({
    queryKey: ["review", "figures", id],
    queryFn: () => reviewApi.figures(id, Intl.DateTimeFormat().resolvedOptions().timeZone),
  });

export const learnerCallsQuery = (id: string) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ["review", "calls", id],
    queryFn: ({ pageParam }) => reviewApi.calls(id, pageParam),
  });

export const assignmentsQuery = (id: string) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ["review", "assignments", id],
    queryFn: ({ pageParam }) => reviewApi.assignments(id, pageParam),
  });

export const callReviewQuery = (id: string) =>
  queryOptions({
    queryKey: ["review", "call", id],
    queryFn: () => reviewApi.call(id),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.call.state === "open" ? OPEN_CALL_MS : false),
  });

export const reviewTurnsQuery = (id: string) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: ["review", "turns", id],
    queryFn: ({ pageParam }) => reviewApi.turns(id, pageParam),
    staleTime: 30_000,
  });

export const bookmarksQuery = infiniteQueryOptions({
  ...paged,
  queryKey: ["review", "bookmarks"],
  queryFn: ({ pageParam }) => reviewApi.bookmarks(pageParam),
});
