import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface TileProps {
  icon: LucideIcon;
  name: string;
  value: string;
  children?: ReactNode;
}

/** One figure, what it is, and a word about it. Stands in a `dl`. */
export function Tile({ icon: Icon, name, value, children }: TileProps) {
  return (
    <div className="grid content-start gap-1 rounded-card border border-line bg-surface p-4">
      <dt className="flex items-center gap-2 text-sm font-semibold text-quiet">
        <Icon aria-hidden className="size-4 shrink-0" />
        {name}
      </dt>
      <dd className="grid gap-0.5">
        <span className="font-display text-3xl font-bold tabular-nums">{value}</span>
        {children && <span className="text-sm text-quiet">{children}</span>}
      </dd>
    </div>
  );
}
