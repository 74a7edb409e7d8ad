/** Figures of the learner and of programs. */

import { queryOptions } from "@tanstack/react-query";
import { client, type Got, read } from "@/lib/api";

export type LearnerFigures = Got<"/api/v1/analytics/me">;
export type Language = Got<"/api/v1/analytics/me/language">;
export type ProgramFigures = Got<"/api/v1/analytics/programs/{program_id}">;

/** Days and weeks are the reader's own. */
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const ownFiguresQuery = queryOptions({
  queryKey: ["figures"],
  queryFn: () =>
    read<LearnerFigures>(client.GET("/api/v1/analytics/me", { params: { query: { time_zone: timeZone } } })),
});

export const languageQuery = queryOptions({
  queryKey: ["language"],
  queryFn: () =>
    read<Language>(
      client.GET("/api/v1/analytics/me/language", { params: { query: { time_zone: timeZone } } }),
    ),
});

export const programFiguresQuery = (programId: string) =>
  queryOptions({
    queryKey: ["program-figures", programId],
    queryFn: () =>
      read<ProgramFigures>(
        client.GET("/api/v1/analytics/programs/{program_id}", {
          params: { path: { program_id: programId } },
        }),
      ),
  });

export function askForRefresh(programId: string) {
  return read(
    client.POST("/api/v1/analytics/programs/{program_id}/refresh", {
      params: { path: { program_id: programId } },
    }),
  );
}
