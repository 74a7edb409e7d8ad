/** What the address of the sign-in pages may carry. */
export interface AuthSearch {
  /** Where to go afterwards: a path of this site, never another one. */
  next?: string | undefined;
  expired?: boolean | undefined;
}

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
