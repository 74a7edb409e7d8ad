/** The placement that is talked through, remembered in this tab from the questions to the end of the call. */

import { recall, remember } from "@/lib/store";

const KEY = "avaaz.placement";

export function keptPlacement(): string | null {
  return recall("session", KEY);
}

export function keepPlacement(id: string | null): void {
  remember("session", KEY, id);
}
