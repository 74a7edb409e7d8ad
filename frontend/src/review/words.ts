/** What went wrong with something written, in words. */

import type { Translate } from "@/i18n";
import { ApiError } from "@/lib/api";
import { errorKey } from "@/lib/error-text";

const BY_CODE = {
  not_yours: "review.errorForbidden",
  answered: "review.answered",
  too_many: "review.errorTooMany",
  not_found: "review.errorGone",
  validation_error: "review.errorInvalid",
  changed_meanwhile: "review.changedTitle",
  listening_not_allowed: "review.listenRefused",
  call_over: "review.listenOver",
} as const;

function isKnown(code: string): code is keyof typeof BY_CODE {
  return Object.hasOwn(BY_CODE, code);
}

export function refusalWords(t: Translate, error: unknown): string {
  if (error instanceof ApiError && isKnown(error.code)) return t(BY_CODE[error.code]);
  return t(errorKey(error));
}

/** Somebody else changed it since it was read. */
export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiError && error.code === "changed_meanwhile";
}
