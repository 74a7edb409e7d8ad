/**
 * New versions: fetched in the background by the service worker, put in force at a safe moment.
 *
 * Safe is: nobody talks in any tab of this browser, nothing is typed here, and this tab is out of sight or going to
 * another page. The reader may also say so. Every tab learns when another one has put a version in force, and
 * follows at its own next safe moment.
 */

import { isCalling, isInCall, whileNobodyTalks } from "@/lib/in-call";

const LOOK_EVERY_MS = 30 * 60_000;
const IN_FORCE_WITHIN_MS = 4_000;

/** `waiting`: here, not in force; `replaced`: in force, while this page is still of the version before. */
export type UpdateState = "none" | "waiting" | "replaced";

let state: UpdateState = "none";
let registration: ServiceWorkerRegistration | undefined;
let reloading = false;
const listeners = new Set<() => void>();

function set(now: UpdateState): void {
  state = now;
  for (const listener of listeners) listener();
}

export const updateState = () => state;

export function onUpdate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function reload(): void {
  if (reloading) return;
  reloading = true;
  window.location.reload();
}

/**
 * Tells the waiting version to take over, and waits until it has. The worker before may hold on for minutes; then it
 * is given up, so that the next load comes from the server, which must be there.
 */
async function takeOver(waiting: ServiceWorker): Promise<boolean> {
  const inForce = new Promise<boolean>((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true });
    setTimeout(() => resolve(false), IN_FORCE_WITHIN_MS);
  });
  waiting.postMessage({ type: "SKIP_WAITING" });
  if (await inForce) return true;
  const answer = await fetch(`/index.html?now=${Date.now()}`, { cache: "no-store" }).catch(() => null);
  return (answer?.ok && (await registration?.unregister())) ?? false;
}

/** Puts the waiting version in force and loads the page again; false while somebody talks. */
export async function applyUpdate(): Promise<boolean> {
  if (state === "none" || isCalling()) return false;
  const waiting = registration?.waiting;
  const applied = waiting ? await whileNobodyTalks(() => takeOver(waiting)) : state === "replaced";
  if (applied) reload();
  return applied;
}

function isTyping(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "textarea, input:not([type=radio], [type=checkbox])",
  );
  return Array.from(fields).some((field) => field.value !== "");
}

/** Called at moments when nothing is lost by loading the page again. */
export function atSafeMoment(): void {
  if (!isTyping()) void applyUpdate();
}

function look(): void {
  // A download beside a call would be heard.
  if (!isInCall() && navigator.onLine) registration?.update().catch(() => undefined);
}

function watch(found: ServiceWorkerRegistration): void {
  registration = found;
  const see = () => {
    // The very first version has nobody to wait for.
    if (found.waiting && navigator.serviceWorker.controller && state === "none") set("waiting");
  };
  see();
  found.addEventListener("updatefound", () => {
    const worker = found.installing;
    worker?.addEventListener("statechange", see);
  });
}

/** Registers the service worker; without one (insecure origin, cookies off) the page works as any page does. */
export async function startUpdates(): Promise<void> {
  const container = navigator.serviceWorker;
  if (container === undefined || registration !== undefined) return;
  let controlled = container.controller !== null;
  container.addEventListener("controllerchange", () => {
    if (controlled) set("replaced");
    controlled = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") atSafeMoment();
    else look();
  });
  window.addEventListener("online", look);
  setInterval(look, LOOK_EVERY_MS);
  try {
    watch(await container.register("/sw.js"));
  } catch {
    // Refused by the browser's settings.
  }
}
