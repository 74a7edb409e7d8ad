/** What the pages for those who write lessons ask of the API. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { components } from "@/api";
import { client, done, type Got, read, type Sent } from "@/lib/api";

export type Content = components["schemas"]["LessonContent"];
export type Step = Content["steps"][number];
export type Exchange = Step["exchanges"][number];
export type Criterion = Step["criteria"][number];
export type Draft = Omit<Got<"/api/v1/authoring/lessons/{lesson_id}">, "content"> & { content: Content };
export type Problem = Draft["problems"][number];
export type WrittenLesson = Got<"/api/v1/authoring/lessons">["items"][number];
export type Version = Got<"/api/v1/authoring/lessons/{lesson_id}/versions">["items"][number];
export type Change = Got<"/api/v1/authoring/lessons/{lesson_id}/versions/{number}">["changes"][number];
export type Suggestion = Got<"/api/v1/authoring/suggestions/{suggestion_id}">;
export type Wish = Sent<"/api/v1/authoring/suggest", "post">;
export type Assignment = Sent<"/api/v1/authoring/lessons/{lesson_id}/assignments", "post">;

const LOOK_AGAIN_MS = 1_000;
const path = <Params extends object>(params: Params) => ({ params: { path: params } });
const asDraft = (body: unknown) => body as Draft;

export const authoringApi = {
  lessons: (cursor: string | null) =>
    read(client.GET("/api/v1/authoring/lessons", { params: { query: cursor ? { cursor } : {} } })),
  lesson: (lesson_id: string) =>
    read(client.GET("/api/v1/authoring/lessons/{lesson_id}", path({ lesson_id }))).then(asDraft),
  begin: (body: Sent<"/api/v1/authoring/lessons", "post">) =>
    read(client.POST("/api/v1/authoring/lessons", { body })).then(asDraft),
  save: (lesson_id: string, version: string, content: Content) =>
    read(
      client.PUT("/api/v1/authoring/lessons/{lesson_id}", {
        ...path({ lesson_id }),
        body: { version, content: { ...content } },
      }),
    ),
  remove: (lesson_id: string) =>
    done(client.DELETE("/api/v1/authoring/lessons/{lesson_id}", path({ lesson_id }))),
  duplicate: (lesson_id: string) =>
    read(client.POST("/api/v1/authoring/lessons/{lesson_id}/duplicate", path({ lesson_id }))).then(asDraft),
  preview: (lesson_id: string) =>
    read(client.POST("/api/v1/authoring/lessons/{lesson_id}/preview", path({ lesson_id }))),
  publish: (lesson_id: string, version: string) =>
    read(
      client.POST("/api/v1/authoring/lessons/{lesson_id}/publish", {
        ...path({ lesson_id }),
        body: { version },
      }),
    ).then(asDraft),
  archive: (lesson_id: string) =>
    read(client.POST("/api/v1/authoring/lessons/{lesson_id}/archive", path({ lesson_id }))).then(asDraft),
  putDocuments: (lesson_id: string, document_ids: string[]) =>
    done(
      client.PUT("/api/v1/authoring/lessons/{lesson_id}/documents", {
        ...path({ lesson_id }),
        body: { document_ids },
      }),
    ),
  versions: (lesson_id: string) =>
    read(client.GET("/api/v1/authoring/lessons/{lesson_id}/versions", path({ lesson_id }))).then(
      (list) => list.items,
    ),
  version: (lesson_id: string, number: number) =>
    read(client.GET("/api/v1/authoring/lessons/{lesson_id}/versions/{number}", path({ lesson_id, number }))),
  revert: (lesson_id: string, number: number, version: string) =>
    read(
      client.POST("/api/v1/authoring/lessons/{lesson_id}/versions/{number}/revert", {
        ...path({ lesson_id, number }),
        body: { version },
      }),
    ).then(asDraft),
  assign: (lesson_id: string, body: Assignment) =>
    read(client.POST("/api/v1/authoring/lessons/{lesson_id}/assignments", { ...path({ lesson_id }), body })),
  suggest: (body: Wish) => read(client.POST("/api/v1/authoring/suggest", { body })),
  suggestion: (suggestion_id: string) =>
    read(client.GET("/api/v1/authoring/suggestions/{suggestion_id}", path({ suggestion_id }))),
  quickLesson: (document_id: string) =>
    read(client.POST("/api/v1/lessons/from-document", { body: { document_id } })),
};

const fresh = { staleTime: 0 };

export const lessonsQuery = infiniteQueryOptions({
  queryKey: ["authoring", "lessons"],
  queryFn: ({ pageParam }) => authoringApi.lessons(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor ?? null,
  ...fresh,
});

/** Asked for once a page: what is written meanwhile is newer than any answer. */
export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ["authoring", "lesson", id],
    queryFn: () => authoringApi.lesson(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["authoring", "versions", id],
    queryFn: () => authoringApi.versions(id),
    ...fresh,
  });

export const versionQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: ["authoring", "version", id, number],
    queryFn: () => authoringApi.version(id, number),
    ...fresh,
  });

export const suggestionQuery = (id: string) =>
  queryOptions({
    queryKey: ["authoring", "suggestion", id],
    queryFn: () => authoringApi.suggestion(id),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : LOOK_AGAIN_MS),
    ...fresh,
  });

export function isOver(suggestion: Suggestion | undefined): boolean {
  return suggestion?.state === "ready" || suggestion?.state === "failed";
}
