/** What reports and the coach's memory ask of the API. */

import { queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read } from "@/lib/api";

export type Report = Got<"/api/v1/calls/{call_id}/report">;
export type ReportContent = NonNullable<Report["content"]>;
export type Memory = Got<"/api/v1/users/me/memory">;
export type Fact = Memory["items"][number];

/** A report is written within a minute of the call's end. */
const ASK_AGAIN_MS = 2_500;

export const reportApi = {
  report: (call_id: string) =>
    read(client.GET("/api/v1/calls/{call_id}/report", { params: { path: { call_id } } })),
  memory: () => read(client.GET("/api/v1/users/me/memory")),
  forget: (fact_id: string) =>
    done(client.DELETE("/api/v1/users/me/memory/{fact_id}", { params: { path: { fact_id } } })),
  forgetAll: () => done(client.DELETE("/api/v1/users/me/memory")),
};

export const reportQuery = (callId: string) =>
  queryOptions({
    queryKey: ["report", callId],
    queryFn: () => reportApi.report(callId),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.state === "pending" ? ASK_AGAIN_MS : false),
  });

export const memoryQuery = queryOptions({ queryKey: ["memory"], queryFn: reportApi.memory, staleTime: 0 });
