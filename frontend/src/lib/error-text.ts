import { ApiError } from "./api";

/** The catalogue's sentence for a failed request; the server's own wording stays in its log. */
export function errorKey(error: unknown) {
  if (!(error instanceof ApiError)) return "errors.unexpected" as const;
  if (error.status === 0) return "errors.network" as const;
  if (error.status === 404) return "errors.not_found" as const;
  if (error.status === 429) return "errors.rate_limited" as const;
  return error.status >= 500 ? ("errors.server" as const) : ("errors.unexpected" as const);
}

/** It is not there, or not for these eyes; a malformed address (422) is as little. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 422);
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}
