import clsx from "clsx";
import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: LucideIcon;
  /** What it does, read out and shown on hovering. */
  label: string;
  busy?: boolean;
}

/** A button that is a picture; while busy it keeps its place and cannot be pressed again. */
export function IconButton({ icon, label, busy = false, onClick, className, ...rest }: IconButtonProps) {
  const Icon = busy ? LoaderCircle : icon;
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={clsx("grid size-11 shrink-0 place-items-center rounded-full hover:bg-sunken", className)}
    >
      <Icon aria-hidden className={clsx("size-4", busy && "animate-spin")} />
    </button>
  );
}
