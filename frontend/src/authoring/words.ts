/** What goes wrong with lessons that are written, in words. */

import type { MessageKey, Translate } from "@/i18n";
import { ApiError } from "@/lib/api";
import { errorKey } from "@/lib/error-text";
import type { Problem } from "./authoring-api";

const BY_CODE = {
  too_many_lessons: "authoring.errorTooMany",
  too_many: "authoring.errorListFull",
  unknown_objective: "authoring.problem_unknown_objective",
  lesson_unfinished: "authoring.errorUnfinished",
  lesson_too_large: "authoring.errorTooLarge",
  document_not_ready: "authoring.errorDocumentNotReady",
  changed_meanwhile: "authoring.changedTitle",
  no_such_lesson: "authoring.errorNotPublished",
  nothing_else: "authoring.errorNothingElse",
  not_found: "authoring.errorGone",
  too_little_text: "authoring.errorTooLittleText",
} as const;

const PROBLEMS = [
  "missing",
  "too_long",
  "too_few",
  "too_many",
  "too_small",
  "too_large",
  "choose",
  "number",
  "nothing_to_look_for",
  "more_than_listed",
  "empty_visual",
  "unknown_visual",
  "foreign_objective",
  "double",
  "bad_pattern",
  "wild_pattern",
  "html_not_allowed",
  "unprintable_text",
  "unknown_objective",
  "unknown_picture",
  "minutes_off",
  "no_criteria",
  "asks",
  "gives_away",
  "not_in_models",
] as const;

export function refusalWords(t: Translate, error: unknown): string {
  if (error instanceof ApiError && Object.hasOwn(BY_CODE, error.code))
    return t(BY_CODE[error.code as keyof typeof BY_CODE]);
  return t(errorKey(error));
}

export function problemWords(t: Translate, { code, limit, message }: Problem): string {
  const known = PROBLEMS.find((one) => one === code);
  return known ? t(`authoring.problem_${known}` as MessageKey, { limit: limit ?? 0 }) : message;
}
