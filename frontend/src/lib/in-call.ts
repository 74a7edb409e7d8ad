/**
 * Whether a call is on, in this tab or in another one of this browser.
 *
 * A tab holds a shared Web Lock as long as it is in a call: other tabs do not take the call over unasked, and no new
 * version is put in force meanwhile. The browser gives the lock back when a tab is closed or crashes. Insecure
 * origins have no locks; they have no service worker and no microphone either.
 */

import { useSyncExternalStore } from "react";

const LOCK = "avaaz.call";

export type CallState = "none" | "connecting" | "in_call";

let state: CallState = "none";
let release: (() => void) | undefined;
const listeners = new Set<() => void>();

/** Leaving the page would end the call: the browser asks first. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export function setCallState(now: CallState): void {
  if (now === state) return;
  const was = state;
  state = now;
  if (now === "in_call") {
    window.addEventListener("beforeunload", ask);
    void navigator.locks?.request(LOCK, { mode: "shared" }, () => new Promise<void>(hold));
  } else if (was === "in_call") {
    window.removeEventListener("beforeunload", ask);
    release?.();
    release = undefined;
  }
  for (const listener of listeners) listener();
}

function hold(done: () => void): void {
  if (isInCall()) release = done;
  else done();
}

export function isInCall(): boolean {
  return state === "in_call";
}

/** In a call, or on the way into one. */
export function isCalling(): boolean {
  return state !== "none";
}

export function useInCall(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isInCall);
}

/** Whether another tab of this browser is in a call. */
export async function isInCallElsewhere(): Promise<boolean> {
  const state = await navigator.locks?.query();
  const holders = state?.held?.filter((lock) => lock.name === LOCK).length ?? 0;
  return holders > (isInCall() ? 1 : 0);
}

/** Does something during which no tab may be in a call; false where one is. */
export async function whileNobodyTalks(work: () => Promise<boolean>): Promise<boolean> {
  if (isCalling()) return false;
  if (navigator.locks === undefined) return work();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock !== null && work());
}
