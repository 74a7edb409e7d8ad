import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";

/** How a link back looks; put it in a `Link`. */
export const BACK_LINK =
  "flex min-h-11 items-center gap-2 justify-self-start font-semibold text-primary hover:underline";

export function BackWords({ children }: { children: ReactNode }) {
  return (
    <>
      <ArrowLeft aria-hidden className="size-4 shrink-0 rtl:-scale-x-100" />
      {children}
    </>
  );
}
