/** What the lessons' pages ask of the API. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read } from "@/lib/api";

export type LessonPage = Got<"/api/v1/lessons">;
export type Lesson = LessonPage["items"][number];
export type LessonDetail = Got<"/api/v1/lessons/{lesson_id}">;
export type Step = LessonDetail["lesson_steps"][number];
export type Visual = LessonDetail["visuals"][number];
export type Attempt = NonNullable<LessonDetail["attempt"]>;
export type Objective = Got<"/api/v1/objectives">["items"][number];
export type Recommendation = Got<"/api/v1/lessons/recommended">["items"][number];
export type Reason = Recommendation["reason"];
export type LessonState = Lesson["state"];
export type Taken = Awaited<ReturnType<typeof lessonsApi.start>>;

export const AREAS = ["everyday", "work", "study"] as const;
export const SKILLS = ["reception", "production", "interaction", "mediation"] as const;

export interface Wanted {
  level: Lesson["level"] | null;
  area: (typeof AREAS)[number] | null;
  topic: string | null;
  words: string;
}

export const NO_FILTER: Wanted = { level: null, area: null, topic: null, words: "" };

const A_PAGE = 24;
/** The most that the API gives at once. */
const MOST_A_PAGE = 100;

export const lessonsApi = {
  list: ({ level, area, topic, words }: Wanted, cursor: string | null, limit = A_PAGE) =>
    read(
      client.GET("/api/v1/lessons", {
        params: {
          query: {
            limit,
            ...(level ? { level } : {}),
            ...(area ? { area } : {}),
            ...(topic ? { topic } : {}),
            ...(words ? { q: words } : {}),
            ...(cursor === null ? {} : { cursor }),
          },
        },
      }),
    ),
  lesson: (lesson_id: string) =>
    read(client.GET("/api/v1/lessons/{lesson_id}", { params: { path: { lesson_id } } })),
  start: (lesson_id: string, restart: boolean) =>
    read(
      client.POST("/api/v1/lessons/{lesson_id}/start", {
        params: { path: { lesson_id } },
        body: { restart },
      }),
    ),
  leave: (attempt_id: string) =>
    done(client.POST("/api/v1/lessons/attempts/{attempt_id}/leave", { params: { path: { attempt_id } } })),
};

/** Everything that a lesson begun, left or gone through changes stands under this key. */
export const LESSONS_KEY = ["lessons"] as const;

export const lessonsQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: [...LESSONS_KEY, "list", wanted],
    queryFn: ({ pageParam }) => lessonsApi.list(wanted, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** Every lesson there is, for choosing one of them. */
export const allLessonsQuery = queryOptions({
  queryKey: [...LESSONS_KEY, "all"],
  queryFn: async () => {
    const items: Lesson[] = [];
    let cursor: string | null = null;
    do {
      const page: LessonPage = await lessonsApi.list(NO_FILTER, cursor, MOST_A_PAGE);
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return items;
  },
});

export const topicsQuery = queryOptions({
  queryKey: [...LESSONS_KEY, "facets"],
  queryFn: () => read(client.GET("/api/v1/lessons/facets")).then((facets) => facets.topics),
});

export const recommendedQuery = queryOptions({
  queryKey: [...LESSONS_KEY, "recommended"],
  queryFn: () =>
    read(client.GET("/api/v1/lessons/recommended", { params: { query: { limit: 3 } } })).then(
      (found) => found.items,
    ),
  staleTime: 0,
});

export const currentLessonQuery = queryOptions({
  queryKey: [...LESSONS_KEY, "current"],
  queryFn: () => read(client.GET("/api/v1/lessons/current")).then((found) => found.attempt),
  staleTime: 0,
});

export const lessonQuery = (lessonId: string) =>
  queryOptions({
    queryKey: [...LESSONS_KEY, "one", lessonId],
    queryFn: () => lessonsApi.lesson(lessonId),
    staleTime: 0,
  });

export const objectivesQuery = queryOptions({
  queryKey: [...LESSONS_KEY, "objectives"],
  queryFn: () => read(client.GET("/api/v1/objectives")).then((found) => found.items),
  staleTime: 0,
});

const LAST_ATTEMPTS = 6;

export const learnerLessonsQuery = (learner_id: string) =>
  queryOptions({
    queryKey: ["learner-lessons", learner_id],
    queryFn: () =>
      read(
        client.GET("/api/v1/review/learners/{learner_id}/lessons", {
          params: { path: { learner_id }, query: { limit: LAST_ATTEMPTS } },
        }),
      ).then((found) => found.items),
  });

export const learnerObjectivesQuery = (learner_id: string) =>
  queryOptions({
    queryKey: ["learner-objectives", learner_id],
    queryFn: () =>
      read(
        client.GET("/api/v1/review/learners/{learner_id}/objectives", { params: { path: { learner_id } } }),
      ).then((found) => found.items),
  });
