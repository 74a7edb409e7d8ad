/** Whether somebody has signed in on this device: a stranger at `/` is greeted without asking the API. */

import { recall, remember } from "./store";

const KEY = "avaaz.known";

export function isKnown(): boolean {
  return recall("local", KEY) === "1";
}

export function rememberAccount(known: boolean): void {
  remember("local", KEY, known ? "1" : null);
}
