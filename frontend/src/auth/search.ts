/** What the address of the sign-in pages may carry. */
export interface AuthSearch {
  /** Where to go afterwards: a path of this site, never another one. */
  next?: string | undefined;
  expired?: boolean | undefined;
}

/** Besides, why signing in by another account did not work, and which one it was. */
export interface SignInSearch extends AuthSearch {
  error?: OAuthError | undefined;
  provider?: string | undefined;
}

/** Which of the first questions is asked, or which placement is shown. */
export interface BeginSearch {
  next?: string | undefined;
  step?: "level" | undefined;
  placement?: string | undefined;
}

/** The API's codes for a sign-in by another account that failed. */
export const OAUTH_ERRORS = [
  "oauth_refused",
  "oauth_state",
  "oauth_unavailable",
  "oauth_failed",
  "oauth_no_email",
  "oauth_address_taken",
  "oauth_confirm_first",
  "oauth_password_changed",
  "oauth_account_closed",
  "oauth_sign_up_closed",
] as const;
export type OAuthError = (typeof OAUTH_ERRORS)[number];

export function isLocalPath(path: unknown): path is string {
  return typeof path === "string" && /^\/(?![/\\])/.test(path);
}

/** Each name is given even when refused: the router would otherwise pass the raw value through. */
export function readAuthSearch(raw: Record<string, unknown>): AuthSearch {
  return {
    next: isLocalPath(raw.next) ? raw.next : undefined,
    expired: raw.expired === true || raw.expired === "true" ? true : undefined,
  };
}

export function readBeginSearch(raw: Record<string, unknown>): BeginSearch {
  const key = typeof raw.placement === "string" && /^[0-9a-f-]{36}$/i.test(raw.placement);
  return {
    next: isLocalPath(raw.next) ? raw.next : undefined,
    step: raw.step === "level" ? "level" : undefined,
    placement: key ? (raw.placement as string) : undefined,
  };
}

/** A code that a later API may have is said in the most general words. */
function readOAuthError(raw: unknown): OAuthError | undefined {
  if (typeof raw !== "string") return undefined;
  return OAUTH_ERRORS.find((code) => raw === code) ?? "oauth_failed";
}

export function readSignInSearch(raw: Record<string, unknown>): SignInSearch {
  const named = typeof raw.provider === "string" && /^[a-z]{1,20}$/.test(raw.provider);
  return {
    ...readAuthSearch(raw),
    error: readOAuthError(raw.error),
    provider: named ? (raw.provider as string) : undefined,
  };
}
