/** Who may see a page. The API enforces it; this only spares the visitor a broken page. */

import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { adoptAccountLocale } from "./i18n";
import { noteKnown } from "./lib/cookies";
import { rememberAccount } from "./lib/known";
import { isSessionExpired, meQuery } from "./lib/queries";

/** Lets the signed-in through, in their language; leads others to the sign-in page and from there to `href`. */
export async function requireAccount(client: QueryClient, href: string): Promise<void> {
  try {
    const me = await client.ensureQueryData(meQuery);
    rememberAccount(true);
    noteKnown(true);
    await adoptAccountLocale(me.locale);
  } catch (error) {
    if (!isSessionExpired(error)) throw error;
    noteKnown(false);
    throw redirect({ to: "/sign-in", search: href === "/" ? {} : { next: href } });
  }
}
