/** Reviews and what practising earns, as the API tells them. */

import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, client, done, type Got, newRequestId, read } from "@/lib/api";
import { newsQuery } from "@/lib/news";

export type Practice = Got<"/api/v1/practice">;
export type Badge = Practice["badges"][number];
export type DueReviews = Got<"/api/v1/reviews/due">;
export type ReviewItem = DueReviews["items"][number];
export type ReviewSummary = Got<"/api/v1/reviews/summary">;
export type ReviewPage = Got<"/api/v1/reviews">;

export const RATINGS = ["again", "hard", "good", "easy"] as const;
export type Rating = (typeof RATINGS)[number];

/** Where the browser is; the learner's own choice goes before it. */
export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const query = { time_zone: browserZone };

export const practiceQuery = queryOptions({
  queryKey: ["practice"],
  queryFn: () => read<Practice>(client.GET("/api/v1/practice", { params: { query } })),
});

export const summaryQuery = queryOptions({
  queryKey: ["reviews", "summary"],
  queryFn: () => read<ReviewSummary>(client.GET("/api/v1/reviews/summary", { params: { query } })),
});

/** Taken as it stands when the page opens; what is graded then is counted by the page. */
export const dueQuery = queryOptions({
  queryKey: ["reviews", "due"],
  queryFn: () => read<DueReviews>(client.GET("/api/v1/reviews/due")),
  staleTime: 0,
  gcTime: 0,
  refetchOnWindowFocus: false,
});

export const itemsQuery = (suspended: boolean) => ({
  queryKey: ["reviews", "items", suspended],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    read<ReviewPage>(
      client.GET("/api/v1/reviews", {
        params: { query: { suspended, ...(pageParam === null ? {} : { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last: ReviewPage) => last.next_cursor,
  staleTime: 0,
});

/** A key of our own makes a grading that is sent twice count once. */
export function newGradingId(): string {
  const hex = newRequestId();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const at = (itemId: string) => ({ params: { path: { item_id: itemId } } });

export const reviews = {
  grade: (itemId: string, gradingId: string, rating: Rating) =>
    read(
      client.POST("/api/v1/reviews/{item_id}", {
        params: { path: { item_id: itemId }, query },
        body: { grading_id: gradingId, rating },
      }),
    ),
  undo: (itemId: string, gradingId: string) =>
    read(client.POST("/api/v1/reviews/{item_id}/undo", { ...at(itemId), body: { grading_id: gradingId } })),
  /** What a WAV file says, beside the item's answer. */
  said: (itemId: string, recording: Blob) =>
    read(
      client.POST("/api/v1/reviews/{item_id}/said", {
        ...at(itemId),
        body: recording as unknown as string,
        bodySerializer: (body: unknown) => body as Blob,
        headers: { "Content-Type": "audio/wav" },
      }),
    ),
  typed: (itemId: string, text: string) =>
    read(client.POST("/api/v1/reviews/{item_id}/typed", { ...at(itemId), body: { text } })),
  suspend: (itemId: string) => done(client.PUT("/api/v1/reviews/{item_id}/suspension", at(itemId))),
  restore: (itemId: string) => done(client.DELETE("/api/v1/reviews/{item_id}/suspension", at(itemId))),
  remove: (itemId: string) => done(client.DELETE("/api/v1/reviews/{item_id}", at(itemId))),
};

export type Said = Awaited<ReturnType<typeof reviews.said>>;

export const setGoal = (minutes: number) => done(client.PUT("/api/v1/practice/goal", { body: { minutes } }));

export const setTimeZone = (zone: string) => api.updatePreferences({ time_zone: zone });

/** After reviews: everything that counts them is asked for again. */
export function forgetCounts(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["practice"] });
  void queries.invalidateQueries({ queryKey: ["reviews", "summary"] });
  void queries.invalidateQueries({ queryKey: ["reviews", "items"] });
  void queries.invalidateQueries(newsQuery);
}
