/** What only the pages of administration ask of the API. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read } from "@/lib/api";

export type Person = Got<"/api/v1/admin/users/{user_id}">;
export type Place = Person["places"][number];
export type Role = Place["role"];
export type Organisation = Got<"/api/v1/admin/organisations/{organisation_id}">;
export type Setting = Got<"/api/v1/admin/settings">["items"][number];
export type SettingValue = Setting["value"];
export type Health = Got<"/api/v1/admin/health">;
export type State = Health["state"];
export type Statistics = Got<"/api/v1/admin/statistics">;
export type Jobs = Got<"/api/v1/admin/jobs">;
export type DeadLetter = Got<"/api/v1/admin/jobs/dead">["items"][number];
export type Maintenance = Got<"/api/v1/admin/maintenance">;
export type AuditEvent = Got<"/api/v1/admin/audit">["items"][number];

const person = (user_id: string) => ({ params: { path: { user_id } } });
const organisation = (organisation_id: string) => ({ params: { path: { organisation_id } } });
const letter = (letter_id: string) => ({ params: { path: { letter_id } } });

export const administrationApi = {
  setRole: (id: string, role: Role, organisation_id: string) =>
    done(
      client.PUT("/api/v1/admin/users/{user_id}/role", { ...person(id), body: { role, organisation_id } }),
    ),
  signOut: (id: string) => done(client.POST("/api/v1/admin/users/{user_id}/sign-out", person(id))),
  sendVerification: (id: string) =>
    done(client.POST("/api/v1/admin/users/{user_id}/verification", person(id))),
  deactivate: (id: string) => done(client.POST("/api/v1/admin/users/{user_id}/deactivate", person(id))),
  reactivate: (id: string) => done(client.POST("/api/v1/admin/users/{user_id}/reactivate", person(id))),
  erase: (id: string, email: string) =>
    done(client.POST("/api/v1/admin/users/{user_id}/erase", { ...person(id), body: { email } })),
  suspend: (id: string, reason: string) =>
    done(
      client.PUT("/api/v1/admin/organisations/{organisation_id}/suspension", {
        ...organisation(id),
        body: { reason },
      }),
    ),
  resume: (id: string) =>
    done(client.DELETE("/api/v1/admin/organisations/{organisation_id}/suspension", organisation(id))),
  set: (setting: string, value: SettingValue, organisation_id: string | null) =>
    done(
      client.PUT("/api/v1/admin/settings/{setting}", {
        params: { path: { setting }, query: organisation_id === null ? {} : { organisation_id } },
        body: { value },
      }),
    ),
  beginMaintenance: (minutes: number | null, message: string) =>
    done(client.PUT("/api/v1/admin/maintenance", { body: { minutes, message } })),
  endMaintenance: () => done(client.DELETE("/api/v1/admin/maintenance")),
  retryJob: (id: string) => done(client.POST("/api/v1/admin/jobs/dead/{letter_id}/retry", letter(id))),
  discardJob: (id: string) => done(client.DELETE("/api/v1/admin/jobs/dead/{letter_id}", letter(id))),
};

/** Never served from cache: these pages show how it is now. */
const fresh = { staleTime: 0 };
const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor,
  ...fresh,
};

function from(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}

export const healthQuery = queryOptions({
  queryKey: ["administration", "health"],
  queryFn: () => read(client.GET("/api/v1/admin/health")),
  refetchInterval: 15_000,
  ...fresh,
});

export const statisticsQuery = queryOptions({
  queryKey: ["administration", "statistics"],
  queryFn: () => read(client.GET("/api/v1/admin/statistics")),
  ...fresh,
});

export const peopleQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["administration", "people", search],
    queryFn: ({ pageParam }) =>
      read(client.GET("/api/v1/admin/users", { params: { query: { search, ...from(pageParam) } } })),
    ...paged,
  });

export const organisationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["administration", "organisations", search],
    queryFn: ({ pageParam }) =>
      read(
        client.GET("/api/v1/admin/organisations", {
          params: { query: { search, kind: "school", ...from(pageParam) } },
        }),
      ),
    ...paged,
  });

export const settingsQuery = queryOptions({
  queryKey: ["administration", "settings"],
  queryFn: () => read(client.GET("/api/v1/admin/settings")),
  ...fresh,
});

export const jobsQuery = queryOptions({
  queryKey: ["administration", "jobs"],
  queryFn: () => read(client.GET("/api/v1/admin/jobs")),
  refetchInterval: 15_000,
  ...fresh,
});

export const deadQuery = infiniteQueryOptions({
  queryKey: ["administration", "dead"],
  queryFn: ({ pageParam }) =>
    read(client.GET("/api/v1/admin/jobs/dead", { params: { query: from(pageParam) } })),
  ...paged,
});

export const maintenanceQuery = queryOptions({
  queryKey: ["administration", "maintenance"],
  queryFn: () => read(client.GET("/api/v1/admin/maintenance")),
  ...fresh,
});

export const auditQuery = infiniteQueryOptions({
  queryKey: ["administration", "audit"],
  queryFn: ({ pageParam }) => read(client.GET("/api/v1/admin/audit", { params: { query: from(pageParam) } })),
  ...paged,
});
