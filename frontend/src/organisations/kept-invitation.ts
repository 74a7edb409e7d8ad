/** The invitation that led here is kept while its reader signs up, confirms an address, or asks an adult. */

import { recall, remember } from "@/lib/store";

const KEY = "avaaz.invitation";
const SHAPE = /^[A-Za-z0-9_-]{54}$/;

export function keepInvitation(token: string | null): void {
  remember("local", KEY, token);
}

export function keptInvitation(): string | null {
  const token = recall("local", KEY);
  return token !== null && SHAPE.test(token) ? token : null;
}
