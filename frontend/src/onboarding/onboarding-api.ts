/** What the first questions ask of the API. */

import { queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read, type User } from "@/lib/api";

export type Onboarding = Got<"/api/v1/users/me/onboarding">;
export type LearnerLevel = Got<"/api/v1/users/me/level">;
export type Placement = Got<"/api/v1/users/me/placements/{placement_id}">;
export type Reason = Placement["reasons"][number];
export type Level = User["level"];
export type GoalKind = NonNullable<Onboarding["goal_kind"]>;

export interface Told {
  native_language?: string | null;
  goal_kind?: GoalKind | null;
  goal?: string | null;
  done?: true;
}

export const onboarding = {
  read: () => read<Onboarding>(client.GET("/api/v1/users/me/onboarding")),
  update: (body: Told) => read<Onboarding>(client.PATCH("/api/v1/users/me/onboarding", { body })),
  level: () => read<LearnerLevel>(client.GET("/api/v1/users/me/level")),
  chooseLevel: (level: Level) =>
    read<LearnerLevel>(client.PUT("/api/v1/users/me/level", { body: { level } })),
  weeklyGoal: (minutes: number) => done(client.PUT("/api/v1/practice/goal", { body: { minutes } })),
  begin: (kind: Placement["kind"]) =>
    read<Placement>(client.POST("/api/v1/users/me/placements", { body: { kind } })),
  placement: (placement_id: string) =>
    read<Placement>(
      client.GET("/api/v1/users/me/placements/{placement_id}", { params: { path: { placement_id } } }),
    ),
  answer: (placement_id: string, answers: { task: string; text: string }[]) =>
    read<Placement>(
      client.POST("/api/v1/users/me/placements/{placement_id}/answers", {
        params: { path: { placement_id } },
        body: { answers },
      }),
    ),
};

export const onboardingQuery = queryOptions({ queryKey: ["onboarding"], queryFn: onboarding.read });
export const levelQuery = queryOptions({ queryKey: ["level"], queryFn: onboarding.level });

/** A spoken one is judged when its call is over; until then it is asked for again and again. */
export const placementQuery = (id: string) =>
  queryOptions({
    queryKey: ["placement", id],
    queryFn: () => onboarding.placement(id),
    refetchInterval: (query) => (query.state.data?.state === "running" ? 3_000 : false),
  });
