/** Who may see a page. The API enforces it; this only spares the visitor a broken page. */

import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { shouldAsk } from "./auth/questions";
import { adoptAccountLocale } from "./i18n";
import type { User } from "./lib/api";
import { noteKnown } from "./lib/cookies";
import { rememberAccount } from "./lib/known";
import { isSessionExpired, meQuery } from "./lib/queries";

/**
 * Lets the signed-in through, in their language; leads others to the sign-in page and from there to `href`.
 * With `ask`, those who still have a question to answer are asked it first.
 */
export async function requireAccount(client: QueryClient, href: string, { ask = true } = {}): Promise<void> {
  const next = href === "/" ? {} : { next: href };
  let me: User;
  try {
    me = await client.ensureQueryData(meQuery);
    rememberAccount(true);
    noteKnown(true);
    await adoptAccountLocale(me.locale);
  } catch (error) {
    if (!isSessionExpired(error)) throw error;
    noteKnown(false);
    throw redirect({ to: "/sign-in", search: next });
  }
  // The account's own pages ask for what is missing themselves.
  if (ask && !href.startsWith("/account") && shouldAsk(me))
    throw redirect({ to: "/about-you", search: next });
}
