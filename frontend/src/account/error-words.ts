import { authErrorText } from "@/auth/auth-error";
import type { Translate } from "@/i18n";
import { ApiError } from "@/lib/api";

/** Codes that mean something else, or something more, in an account than where one signs in. */
const BY_CODE = {
  wrong_password: "account.errors.wrong_password",
  email_taken: "account.errors.email_taken",
  too_many_keys: "account.errors.too_many_keys",
  not_found: "account.errors.not_found",
  validation_error: "account.errors.validation_error",
  unauthenticated: "account.errors.unauthenticated",
  own_account: "administration.errors.own_account",
  address_differs: "administration.errors.address_differs",
  operators_account: "administration.errors.operators_account",
  already_verified: "administration.errors.already_verified",
  job_not_retriable: "administration.errors.job_not_retriable",
  setting_invalid: "administration.errors.setting_invalid",
  last_admin: "schools.errors.last_admin",
  personal_organisation: "schools.errors.personal_organisation",
  too_many_organisations: "schools.errors.too_many_organisations",
  program_exists: "schools.errors.program_exists",
  too_many_programs: "schools.errors.too_many_programs",
  program_archived: "schools.errors.program_archived",
  not_an_instructor: "schools.errors.not_an_instructor",
  name_mismatch: "schools.errors.name_mismatch",
  too_many_invitations: "schools.errors.too_many_invitations",
  email_unverified: "schools.errors.email_unverified",
  invitation_used: "schools.errors.invitation_used",
  invitation_expired: "schools.errors.invitation_expired",
  invitation_revoked: "schools.errors.invitation_revoked",
  invitation_invalid: "schools.errors.invitation_invalid",
} as const;

function isKnown(code: string): code is keyof typeof BY_CODE {
  return Object.hasOwn(BY_CODE, code);
}

/** What went wrong and what to do about it, in words. */
export function errorWords(t: Translate, error: unknown): string {
  if (error instanceof ApiError && isKnown(error.code)) return t(BY_CODE[error.code]);
  return authErrorText(error, t);
}
