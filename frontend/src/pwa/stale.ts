/**
 * A part of the page that is no longer there, because the server has a newer version: the page is loaded again, once.
 *
 * Nothing is loaded again in a call, without a network, or where the server still has this very version: then the
 * part failed for another reason, and trying again is the reader's choice.
 */

import { isInCall } from "@/lib/in-call";
import { recall, remember } from "@/lib/store";

const TRIED = "avaaz.reloadedFrom";

/** Not named as the router's own rule would have it, which loads the page again without asking anybody. */
export class PartMissingError extends Error {
  constructor(cause: unknown) {
    super("a part of the page could not be loaded", { cause });
    this.name = "PartMissingError";
  }
}

/** The address of the script this page began with; every version has its own. */
function ownVersion(): string | null {
  const script = document.querySelector<HTMLScriptElement>("script[type=module][src]");
  return script === null ? null : new URL(script.src).pathname;
}

/** Asks the server past service worker and cache, whose answer would be their own version. */
async function serverHas(version: string): Promise<boolean> {
  const answer = await fetch(`/index.html?now=${Date.now()}`, { cache: "no-store" });
  return !answer.ok || (await answer.text()).includes(version);
}

/** True when the page is about to be replaced by a newer version of itself. */
export async function reloadIfStale(): Promise<boolean> {
  const version = ownVersion();
  if (version === null || isInCall() || recall("session", TRIED) === version) return false;
  if (await serverHas(version).catch(() => true)) return false;
  remember("session", TRIED, version);
  // Where nothing can be remembered, a second time could not be told from the first.
  if (recall("session", TRIED) !== version) return false;
  // The older worker would answer with its own version; the newer page registers the newer worker.
  await navigator.serviceWorker?.getRegistration().then((found) => found?.unregister());
  window.location.reload();
  return true;
}

/** Loads a part of the page; while a newer version takes over, never comes back. */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (await reloadIfStale()) await new Promise(() => undefined);
    throw new PartMissingError(cause);
  }
}
