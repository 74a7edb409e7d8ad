/** What the results of exams ask of the API. Nothing of it is kept on the device. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ApiError, client, type Got, read, type Sent } from "@/lib/api";

export type Assessment = Got<"/api/v1/exams/attempts/{exam_attempt_id}/assessment">;
export type DimensionScore = Assessment["dimensions"][number];
export type Dimension = DimensionScore["dimension"];
export type Evidence = DimensionScore["evidence"][number];
export type Measure = DimensionScore["measures"][number];
export type RefusalCode = NonNullable<Assessment["refused"]>;
export type FlagCode = Assessment["flags"][number];
export type LevelOrBelow = NonNullable<Assessment["level"]>;
export type Readiness = Assessment["readiness"][number];
export type History = Got<"/api/v1/assessments">;
export type Brief = History["items"][number];
export type AttemptMarks = Got<"/api/v1/exams/attempts/{exam_attempt_id}/marks">;
export type Mark = AttemptMarks["items"][number];
export type NewMark = Sent<"/api/v1/exams/attempts/{exam_attempt_id}/marks", "post">;
export type Calibration = Got<"/api/v1/calibration">;
export type DimensionAgreement = Calibration["dimensions"][number];
export type DoubleMarked = Got<"/api/v1/calibration/attempts">["items"][number];

/** While a result is worked out, it is asked for so often. */
const SCORING_MS = 3_000;
/** Who comes straight from an exam may be here a little before its record is. */
const MOST_TRIES = 3;

function worthTrying(failures: number, error: Error): boolean {
  const passing =
    error instanceof ApiError && (error.status === 0 || error.status === 404 || error.status >= 500);
  return passing && failures < MOST_TRIES;
}

const of = (exam_attempt_id: string) => ({ params: { path: { exam_attempt_id } } });

export const resultsApi = {
  assessment: (id: string) => read(client.GET("/api/v1/exams/attempts/{exam_attempt_id}/assessment", of(id))),
  marks: (id: string) => read(client.GET("/api/v1/exams/attempts/{exam_attempt_id}/marks", of(id))),
  mark: (id: string, body: NewMark) =>
    read(client.POST("/api/v1/exams/attempts/{exam_attempt_id}/marks", { ...of(id), body })),
  askReview: (id: string, note: string) =>
    read(
      client.POST("/api/v1/exams/attempts/{exam_attempt_id}/review-request", { ...of(id), body: { note } }),
    ),
  own: () => read(client.GET("/api/v1/assessments")),
  ofLearner: (learner_id: string) =>
    read(
      client.GET("/api/v1/review/learners/{learner_id}/assessments", { params: { path: { learner_id } } }),
    ),
  asked: () => read(client.GET("/api/v1/review/assessments", { params: { query: { asked: true } } })),
  calibration: () => read(client.GET("/api/v1/calibration")),
  doubleMarked: (cursor: string | null) =>
    read(
      client.GET("/api/v1/calibration/attempts", {
        params: { query: cursor === null ? {} : { cursor } },
      }),
    ),
};

/** Where the browser downloads a result from. */
export function pdfAddress(attemptId: string): string {
  return `/api/v1/exams/attempts/${attemptId}/result.pdf`;
}

export function isUnderWay(state: Assessment["state"]): boolean {
  return state === "waiting" || state === "scoring";
}

export const assessmentQuery = (id: string) =>
  queryOptions({
    queryKey: ["results", "assessment", id],
    queryFn: () => resultsApi.assessment(id),
    retry: worthTrying,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data && isUnderWay(query.state.data.state) ? SCORING_MS : false),
  });

export const marksQuery = (id: string) =>
  queryOptions({
    queryKey: ["results", "marks", id],
    queryFn: () => resultsApi.marks(id),
    retry: worthTrying,
    staleTime: 0,
  });

/** The latest results of a learner, or one's own, the newest first. */
export const historyQuery = (learnerId: string | null) =>
  queryOptions({
    queryKey: ["results", "history", learnerId],
    queryFn: () => (learnerId === null ? resultsApi.own() : resultsApi.ofLearner(learnerId)),
    staleTime: 0,
  });

/** Results that learners asked a person to look at. */
export const askedQuery = queryOptions({
  queryKey: ["results", "asked"],
  queryFn: resultsApi.asked,
  staleTime: 0,
});

export const calibrationQuery = queryOptions({
  queryKey: ["results", "calibration"],
  queryFn: resultsApi.calibration,
  staleTime: 0,
});

export const doubleMarkedQuery = infiniteQueryOptions({
  queryKey: ["results", "double-marked"],
  queryFn: ({ pageParam }) => resultsApi.doubleMarked(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor,
  staleTime: 0,
});
