/** Whether the server answers. Silence is found out by asking again, because a browser's "online" proves little. */

import { useSyncExternalStore } from "react";

const ASK_AGAIN_MS = [2_000, 4_000, 8_000, 15_000];

let reachable = navigator.onLine;
let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<(reachable: boolean) => void>();

function set(now: boolean): void {
  clearTimeout(timer);
  if (!now) timer = setTimeout(ask, ASK_AGAIN_MS[Math.min(tries, ASK_AGAIN_MS.length - 1)]);
  else tries = 0;
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener(now);
}

async function ask(): Promise<void> {
  tries += 1;
  const answer = await fetch("/api/v1/config", { cache: "no-store" }).catch(() => null);
  set(answer?.ok ?? false);
}

/** Each request tells how it went. */
export function noteAnswer(answered: boolean): void {
  if (answered !== reachable || !answered) set(answered);
}

/** Begins to watch the browser's own word; the server has the last one. */
export function watchNetwork(): void {
  window.addEventListener("offline", () => set(false));
  window.addEventListener("online", () => void ask());
  if (!reachable) set(false);
}

export function onReachable(listener: (reachable: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useReachable(): boolean {
  return useSyncExternalStore(onReachable, () => reachable);
}
