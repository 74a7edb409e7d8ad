/** What instructors wrote to the learner and asked them to practise. Loaded with the pages that show it. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read } from "@/lib/api";
import { networkFirst } from "@/lib/kept";

export type MyComment = Got<"/api/v1/users/me/comments">["items"][number];
export type Comment = MyComment["comment"];
export type Assignment = Got<"/api/v1/users/me/assignments">["items"][number];

export const feedbackApi = {
  comments: () => read(client.GET("/api/v1/users/me/comments", { params: { query: { limit: 5 } } })),
  thread: (call_id: string) =>
    read(client.GET("/api/v1/users/me/calls/{call_id}/comments", { params: { path: { call_id } } })),
  markRead: (call_id: string) => done(client.POST("/api/v1/users/me/comments/read", { body: { call_id } })),
  answer: (comment_id: string, text: string) =>
    read(
      client.POST("/api/v1/users/me/comments/{comment_id}/answers", {
        params: { path: { comment_id } },
        body: { text },
      }),
    ),
  assignments: (cursor: string | null) =>
    read(
      client.GET("/api/v1/users/me/assignments", {
        params: { query: cursor === null ? {} : { cursor } },
      }),
    ),
  markDone: (assignment_id: string, isDone: boolean) =>
    read(
      client.POST("/api/v1/users/me/assignments/{assignment_id}/done", {
        params: { path: { assignment_id } },
        body: { done: isDone },
      }),
    ),
};

export const commentsQuery = queryOptions({
  queryKey: ["feedback", "comments"],
  queryFn: feedbackApi.comments,
  staleTime: 0,
});

export const threadQuery = (callId: string) =>
  queryOptions({
    queryKey: ["feedback", "thread", callId],
    queryFn: () => feedbackApi.thread(callId),
    persister: networkFirst,
    staleTime: 0,
  });

export const ownAssignmentsQuery = infiniteQueryOptions({
  queryKey: ["feedback", "assignments"],
  queryFn: ({ pageParam }) => feedbackApi.assignments(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});
