import clsx from "clsx";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";

type Look = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-primary text-on-primary hover:bg-primary-strong",
  secondary: "border border-line bg-surface text-ink hover:border-primary",
  quiet: "text-ink hover:bg-sunken",
  danger: "bg-danger text-on-danger hover:opacity-90",
};

/** The shape of every button, also for links that look like one. */
export function buttonClass(look: Look = "primary", className?: string): string {
  return clsx(
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 py-2 font-semibold transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
    LOOKS[look],
    className,
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  busy?: boolean;
}

/** A button that, while busy, keeps its place and focus but cannot be pressed again. */
export function Button({
  look = "primary",
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={buttonClass(look, className)}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  );
}
