/** What the pages about mock exams ask of the API. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, type Got, read, type Sent } from "@/lib/api";

export type ExamList = Got<"/api/v1/exams">;
export type Exam = ExamList["items"][number];
export type ExamPart = Exam["parts"][number];
export type Dimension = ExamPart["dimensions"][number];
export type AttemptPage = Got<"/api/v1/exams/attempts">;
export type Attempt = AttemptPage["items"][number];
export type AttemptDetail = Got<"/api/v1/exams/attempts/{exam_attempt_id}">;
export type Judged = Got<"/api/v1/assessments">["items"][number];
export type StartExam = Sent<"/api/v1/exams/attempts", "post">;

const A_PAGE = 10;

const of = (exam_attempt_id: string) => ({ params: { path: { exam_attempt_id } } });

export const examsApi = {
  attempts: (cursor: string | null) =>
    read(
      client.GET("/api/v1/exams/attempts", {
        params: { query: { limit: A_PAGE, ...(cursor === null ? {} : { cursor }) } },
      }),
    ),
  start: (body: StartExam) => read(client.POST("/api/v1/exams/attempts", { body })),
  stop: (id: string) => read(client.POST("/api/v1/exams/attempts/{exam_attempt_id}/stop", of(id))),
};

/** Everything that an exam begun, sat or given up changes stands under this key. */
export const EXAMS_KEY = ["exams"] as const;

export const examsQuery = queryOptions({
  queryKey: [...EXAMS_KEY, "all"],
  queryFn: () => read(client.GET("/api/v1/exams")),
  staleTime: 0,
});

export const attemptsQuery = infiniteQueryOptions({
  queryKey: [...EXAMS_KEY, "attempts"],
  queryFn: ({ pageParam }) => examsApi.attempts(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});

export const attemptQuery = (id: string) =>
  queryOptions({
    queryKey: [...EXAMS_KEY, "attempt", id],
    queryFn: () => read(client.GET("/api/v1/exams/attempts/{exam_attempt_id}", of(id))),
    staleTime: 0,
  });

/** What was judged of the learner's attempts, by attempt. */
export const judgedQuery = queryOptions({
  queryKey: [...EXAMS_KEY, "judged"],
  queryFn: async () => {
    const { items } = await read(client.GET("/api/v1/assessments"));
    return new Map(items.map((one) => [one.attempt_id, one]));
  },
  staleTime: 0,
});
