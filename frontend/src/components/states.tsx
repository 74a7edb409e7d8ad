import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";
import { Mark } from "./logo";

/** Grey lines where text will stand; says so to those who cannot see them. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" data-testid="loading" className="grid gap-3">
      <span className="sr-only">{t("common.loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <div key={row} className="h-20 animate-pulse rounded-card bg-sunken dark:bg-surface" />
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  body: string;
  action?: ReactNode;
  /** `h1` where this is all there is on the page. */
  level?: "h1" | "h2";
}

/** Nothing here, and what would bring something. */
export function Empty({ title, body, action, level: Heading = "h2" }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-3 px-4 py-14 text-center">
      <Mark className="size-20 opacity-70" />
      <Heading className="text-2xl font-semibold">{title}</Heading>
      <p className="max-w-prose text-quiet">{body}</p>
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
