/** What the address of the sign-in pages may carry. */
export interface AuthSearch {
  /** Where to go afterwards: a path of this site, never another one. */
  next?: string;
  expired?: boolean;
}

export function isLocalPath(path: unknown): path is string {
  return typeof path === "string" && /^\/(?![/\\])/.test(path);
}

export function readAuthSearch(raw: Record<string, unknown>): AuthSearch {
  return {
    ...(isLocalPath(raw.next) ? { next: raw.next } : {}),
    ...(raw.expired === true || raw.expired === "true" ? { expired: true } : {}),
  };
}
