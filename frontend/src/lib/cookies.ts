/** A browser that keeps no cookies cannot stay signed in; it is told so instead of being asked again and again. */

import { useSyncExternalStore } from "react";

let pending = false;
let refused = !navigator.cookieEnabled;
const listeners = new Set<() => void>();

/** A sign-in has succeeded: the next question who this is must know. */
export function noteSignIn(): void {
  pending = true;
}

/** Whether the API knew who asked. */
export function noteKnown(known: boolean): void {
  if (!pending) return;
  pending = false;
  refused = !known || !navigator.cookieEnabled;
  for (const listener of listeners) listener();
}

export function useCookiesRefused(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => refused,
  );
}
