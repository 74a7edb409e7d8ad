/** What the pages about schools ask of the API. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { paths } from "@/api";
import { client, done, type Got, read, type Sent } from "@/lib/api";

type Items<List> = List extends { items: (infer Item)[] } ? Item : never;
type Made<Path extends keyof paths, Status extends 200 | 201> = paths[Path] extends {
  post: { responses: { [S in Status]: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type OwnOrganisation = Items<Got<"/api/v1/users/me/organisations">>;
export type Organisation = Got<"/api/v1/organisation">;
export type Program = Items<Got<"/api/v1/programs">>;
export type MemberPage = Got<"/api/v1/members">;
export type Member = MemberPage["items"][number];
export type Role = Member["role"];
export const ROLES: readonly Role[] = ["learner", "instructor", "admin"];
export type Part = Member["programs"][number];
export type Invitation = Items<Got<"/api/v1/invitations">>;
export type Preview = Made<"/api/v1/invitations/look", 200>;
export type Joined = Made<"/api/v1/invitations/accept", 200>;

export interface MemberFilter {
  search: string;
  role: Role | "";
  program: string;
}

function query({ search, role, program }: MemberFilter, cursor: string | null) {
  return {
    ...(search && { search }),
    ...(role && { role }),
    ...(program && { program_id: program }),
    ...(cursor && { cursor }),
  };
}

const path = <Params extends object>(params: Params) => ({ params: { path: params } });

export const schoolApi = {
  mine: () => read(client.GET("/api/v1/users/me/organisations")).then((list) => list.items),
  choose: (organisation_id: string) =>
    done(client.PUT("/api/v1/users/me/organisation", { body: { organisation_id } })),
  leave: (organisation_id: string) =>
    done(client.DELETE("/api/v1/users/me/organisations/{organisation_id}", path({ organisation_id }))),
  create: (name: string) => read(client.POST("/api/v1/organisations", { body: { name } })),
  organisation: () => read(client.GET("/api/v1/organisation")),
  rename: (name: string) => read(client.PATCH("/api/v1/organisation", { body: { name } })),
  close: (name: string) => done(client.POST("/api/v1/organisation/delete", { body: { name } })),

  programs: () => read(client.GET("/api/v1/programs")).then((list) => list.items),
  makeProgram: (body: Sent<"/api/v1/programs", "post">) => read(client.POST("/api/v1/programs", { body })),
  changeProgram: (program_id: string, body: Sent<"/api/v1/programs/{program_id}", "patch">) =>
    read(client.PATCH("/api/v1/programs/{program_id}", { ...path({ program_id }), body })),
  deleteProgram: (program_id: string) =>
    done(client.DELETE("/api/v1/programs/{program_id}", path({ program_id }))),
  enrol: (program_id: string, user_id: string, role: Part["role"]) =>
    done(
      client.PUT("/api/v1/programs/{program_id}/members/{user_id}", {
        ...path({ program_id, user_id }),
        body: { role },
      }),
    ),
  unenrol: (program_id: string, user_id: string) =>
    done(client.DELETE("/api/v1/programs/{program_id}/members/{user_id}", path({ program_id, user_id }))),

  members: (filter: MemberFilter, cursor: string | null) =>
    read(client.GET("/api/v1/members", { params: { query: query(filter, cursor) } })),
  setRole: (user_id: string, role: Role) =>
    read(client.PATCH("/api/v1/members/{user_id}", { ...path({ user_id }), body: { role } })),
  removeMember: (user_id: string) => done(client.DELETE("/api/v1/members/{user_id}", path({ user_id }))),
  giveConsent: (learner_id: string) =>
    done(client.PUT("/api/v1/school/learners/{learner_id}/consent", path({ learner_id }))),

  invitations: () => read(client.GET("/api/v1/invitations")).then((list) => list.items),
  inviteByLink: (body: Sent<"/api/v1/invitations/links", "post">) =>
    read(client.POST("/api/v1/invitations/links", { body })),
  inviteByMail: (body: Sent<"/api/v1/invitations/mails", "post">) =>
    read(client.POST("/api/v1/invitations/mails", { body })).then((list) => list.items),
  revoke: (invitation_id: string) =>
    done(client.DELETE("/api/v1/invitations/{invitation_id}", path({ invitation_id }))),
  look: (token: string) => read<Preview>(client.POST("/api/v1/invitations/look", { body: { token } })),
  accept: (token: string) => read<Joined>(client.POST("/api/v1/invitations/accept", { body: { token } })),
};

/** Never served from cache: these lists say who may see what. */
const fresh = { staleTime: 0 };

export const mineQuery = queryOptions({ queryKey: ["schools"], queryFn: schoolApi.mine, ...fresh });

export const organisationQuery = queryOptions({
  queryKey: ["school", "overview"],
  queryFn: schoolApi.organisation,
  ...fresh,
});

export const programsQuery = queryOptions({
  queryKey: ["school", "programs"],
  queryFn: schoolApi.programs,
  ...fresh,
});

export const invitationsQuery = queryOptions({
  queryKey: ["school", "invitations"],
  queryFn: schoolApi.invitations,
  ...fresh,
});

/** Begins with `MEMBERS`, so that a change to anybody asks for every list again. */
export const MEMBERS = ["school", "members"] as const;

export const membersQuery = (filter: MemberFilter) =>
  infiniteQueryOptions({
    queryKey: [...MEMBERS, filter],
    queryFn: ({ pageParam }) => schoolApi.members(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    ...fresh,
  });

export const invitationQuery = (token: string | null) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: () => schoolApi.look(token ?? ""),
    enabled: token !== null,
    ...fresh,
  });
