/** What an account is still to say about its owner, and whether they have put it off. */

import type { User } from "@/lib/api";
import { recall, remember } from "@/lib/store";

const KEY = "avaaz.askLater";
/** Storage may be refused; then putting off lasts as long as the page. */
let putOffBy: string | null = null;

export function hasOpenQuestion(me: User): boolean {
  return me.age_needed || me.ai_disclosure_needed;
}

/** Asked once a device: where the answer is needed, the talk page asks again. */
export function shouldAsk(me: User): boolean {
  return hasOpenQuestion(me) && putOffBy !== me.id && recall("local", KEY) !== me.id;
}

export function askLater(me: User): void {
  putOffBy = me.id;
  remember("local", KEY, me.id);
}

/** Whether an adult still has to agree before this learner may talk. */
export function waitsForConsent(me: User): boolean {
  return me.consent === "needed" || me.consent === "asked";
}
