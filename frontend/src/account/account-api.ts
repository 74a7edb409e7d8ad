/** What only the account pages ask of the API. */

import { queryOptions } from "@tanstack/react-query";
import { client, done, type Got, read, type Sent } from "@/lib/api";

type Items<List> = List extends { items: (infer Item)[] } ? Item : never;

export type Device = Items<Got<"/api/v1/users/me/devices">>;
export type ApiKey = Items<Got<"/api/v1/api-keys">>;
export type ApiClient = Items<Got<"/api/v1/auth/tokens">>;
export type ProviderAccount = Items<Got<"/api/v1/auth/oauth/accounts">>;
export type Scope = ApiKey["scopes"][number];
export type KeyWanted = Sent<"/api/v1/api-keys", "post">;

export const accountApi = {
  changeEmail: (body: Sent<"/api/v1/users/me/email", "post">) =>
    done(client.POST("/api/v1/users/me/email", { body })),
  keepEmail: () => done(client.DELETE("/api/v1/users/me/email")),
  changePassword: (body: Sent<"/api/v1/users/me/password", "post">) =>
    done(client.POST("/api/v1/users/me/password", { body })),
  devices: () => read(client.GET("/api/v1/users/me/devices")).then((list) => list.items),
  endDevice: (device_id: string) =>
    done(client.DELETE("/api/v1/users/me/devices/{device_id}", { params: { path: { device_id } } })),
  signOutEverywhere: () => done(client.POST("/api/v1/auth/logout-everywhere")),
  providerAccounts: () => read(client.GET("/api/v1/auth/oauth/accounts")).then((list) => list.items),
  unlink: (account_id: string) =>
    done(client.DELETE("/api/v1/auth/oauth/accounts/{account_id}", { params: { path: { account_id } } })),
  clients: () => read(client.GET("/api/v1/auth/tokens")).then((list) => list.items),
  endClient: (client_id: string) =>
    done(client.DELETE("/api/v1/auth/tokens/{client_id}", { params: { path: { client_id } } })),
  keys: () => read(client.GET("/api/v1/api-keys")).then((list) => list.items),
  makeKey: (body: KeyWanted) => read(client.POST("/api/v1/api-keys", { body })),
  revokeKey: (key_id: string) =>
    done(client.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id } } })),
  deleteAccount: (password: string) => done(client.POST("/api/v1/users/me/delete", { body: { password } })),
};

/** Never served from cache: these lists say who can get in. */
const fresh = { staleTime: 0 };

export const devicesQuery = queryOptions({ queryKey: ["devices"], queryFn: accountApi.devices, ...fresh });

export const providerAccountsQuery = queryOptions({
  queryKey: ["provider-accounts"],
  queryFn: accountApi.providerAccounts,
  ...fresh,
});

export const clientsQuery = queryOptions({
  queryKey: ["api-clients"],
  queryFn: accountApi.clients,
  ...fresh,
});

export const keysQuery = queryOptions({ queryKey: ["api-keys"], queryFn: accountApi.keys, ...fresh });
