/**
 * Whether somebody has signed in on this device, and who: a stranger at `/` is greeted without asking the API, and
 * what the device keeps of an account is shown to nobody else.
 */

import { recall, remember } from "./store";

const KEY = "avaaz.known";
const ACCOUNT = "avaaz.account";

/** Who this tab last showed records of. */
let mine = recall("local", ACCOUNT);

export function isKnown(): boolean {
  return recall("local", KEY) === "1";
}

/** `false` after signing out: what was kept may not be read from then on, and is removed. */
export function rememberAccount(known: boolean): void {
  remember("local", KEY, known ? "1" : null);
  if (known) return;
  setKeptAccount(null);
  void import("./kept").then(
    ({ forgetKept }) => forgetKept(),
    () => undefined,
  );
}

/** Whose records this device may keep and show; nobody's while somebody is signing in. */
export function keptAccount(): string | null {
  return recall("local", ACCOUNT);
}

export function setKeptAccount(userId: string | null): void {
  if (userId !== null) mine = userId;
  remember("local", ACCOUNT, userId);
}

/** Tells when, in another tab, this tab's reader signed out or somebody else signed in. */
export function onAccountChangedElsewhere(listener: () => void): void {
  window.addEventListener("storage", ({ key, newValue }) => {
    const signedOut = key === KEY && newValue === null;
    const another = key === ACCOUNT && newValue !== null && newValue !== mine;
    if (mine !== null && (signedOut || another)) listener();
  });
}
