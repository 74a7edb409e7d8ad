/** Names of the figures behind scores, as `docs/model-card.md` lists them. */

import type { MessageKey, Translate } from "@/i18n";

const NAMES: Record<string, MessageKey> = {};

/** What a figure is called; one that is not known here by the name that it has. */
export function measureName(t: Translate, name: string): string {
  const known = NAMES[name];
  return known ? t(known) : name.replaceAll("_", " ");
}
