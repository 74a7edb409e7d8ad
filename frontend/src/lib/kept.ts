/**
 * What this device keeps so that it can be read without a network: the answers of the queries that use
 * `networkFirst`, in the IndexedDB database `avaaz`, each under the account it belongs to.
 *
 * The network is always asked first. Only when it is silent is a kept answer shown, and only to the account that
 * `keptAccount` names. Signing out removes everything; so does the first answer that says who somebody else is.
 */

import type { Query, QueryClient, QueryFunction, QueryKey } from "@tanstack/react-query";
import { clear, createStore, delMany, entries, get, set, type UseStore } from "idb-keyval";
import { ApiError, type User } from "./api";
import { keptAccount, setKeptAccount } from "./known";

interface Kept {
  /** Puts answers in order of age; compared with nothing else. */
  at: number;
  data: unknown;
}

/** A transcript is a few kilobytes; beyond this the oldest go. */
const MOST_KEPT = 400;
const ME = "me";

let opened: UseStore | undefined;
const store = () => {
  opened ??= createStore("avaaz", "kept");
  return opened;
};
const place = (account: string, hash: string) => `${account} ${hash}`;

/** Storage may be refused or full; then nothing is kept, and everything else works. */
async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** No answer at all, or none of the API itself: the proxy before it says that it is away. */
export function isSilence(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 502 || error.status === 504 || error.code === "unavailable";
}

export async function forgetKept(): Promise<void> {
  await orNothing(() => clear(store()));
}

/** What was kept of a call that is deleted, and the lists in which it stands. */
export async function forgetCall(callId: string): Promise<void> {
  await orNothing(async () => {
    const all = await entries<string, Kept>(store());
    const told = all.map(([key]) => key).filter((key) => key.includes(callId) || key.includes('"calls"'));
    await delMany(told, store());
  });
}

/** From now on this account's records are kept, and nobody else's are left. */
async function adopt(account: string): Promise<void> {
  setKeptAccount(account);
  await orNothing(async () => {
    const all = await entries<string, Kept>(store());
    const own = all.filter(([key]) => key.startsWith(place(account, "")));
    const tooMany = own.sort(([, a], [, b]) => b.at - a.at).slice(MOST_KEPT);
    const foreign = all.filter(([key]) => !key.startsWith(place(account, "")));
    await delMany(
      [...foreign, ...tooMany].map(([key]) => key),
      store(),
    );
  });
}

/** Keeps an answer where it is sure whose it is: `before` is the account when it was asked for. */
async function keep(query: Query, client: QueryClient, data: unknown, before: string | null): Promise<void> {
  const isMe = query.queryKey[0] === ME;
  const account = isMe ? (data as User).id : before;
  if (account === null) return;
  if (isMe && account !== before) {
    await adopt(account);
    if (before !== null) void client.resetQueries({ predicate: (other) => other.queryKey[0] !== ME });
  }
  if (account !== keptAccount()) return;
  await orNothing(() => set(place(account, query.queryHash), { at: Date.now(), data }, store()));
}

/** A `persister` for queries: asks the network, keeps its answer, and falls back on the kept one in silence. */
export async function networkFirst<Data, Key extends QueryKey, Page>(
  queryFn: QueryFunction<Data, Key, Page>,
  context: { client: QueryClient; queryKey: QueryKey },
  query: Query,
): Promise<Data> {
  const before = keptAccount();
  try {
    const data = await queryFn(context as Parameters<typeof queryFn>[0]);
    void keep(query, context.client, data, before);
    return data;
  } catch (error) {
    // What is on screen stays there; the page says that it could not be renewed.
    if (!isSilence(error) || before === null || query.state.data !== undefined) throw error;
    const kept = await orNothing(() => get<Kept>(place(before, query.queryHash), store()));
    if (kept === undefined) throw error;
    return kept.data as Data;
  }
}
