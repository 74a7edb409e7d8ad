/** Notices from the coach: JSON `{code, text}` on their own topic. */

import { NOTICE_CODES } from "@/lib/room";
import type { Notice } from "./types";

const MAX_NOTICES = 3;
const MAX_TEXT = 300;

function parse(raw: string): Omit<Notice, "id"> | null {
  try {
    const value = JSON.parse(raw) as { code?: unknown; text?: unknown } | null;
    const code = NOTICE_CODES.find((known) => known === value?.code) ?? null;
    const text = typeof value?.text === "string" ? value.text.slice(0, MAX_TEXT) : "";
    return code === null && text === "" ? null : { code, text };
  } catch {
    return null;
  }
}

/** Newest last; the same notice again replaces the old one instead of standing twice. */
export function withNotice(notices: readonly Notice[], raw: string): readonly Notice[] {
  const parsed = parse(raw);
  if (parsed === null) return notices;
  const id = Math.max(0, ...notices.map((notice) => notice.id)) + 1;
  const others = notices.filter((known) => known.code !== parsed.code || known.text !== parsed.text);
  return [...others, { ...parsed, id }].slice(-MAX_NOTICES);
}
