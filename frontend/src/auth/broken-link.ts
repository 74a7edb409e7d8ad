import { ApiError } from "@/lib/api";

/** Whether the link itself is at fault, so that trying again is of no use. */
export function isBrokenLink(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "link_invalid" || error.code === "invalid");
}
