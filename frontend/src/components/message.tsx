import clsx from "clsx";
import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";

interface MessageProps {
  tone?: "info" | "danger";
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Announce at once; only for what the reader must act on. */
  urgent?: boolean;
  testId?: string;
}

/** A framed word to the reader: what happened, and what can be done next. */
export function Message({ tone = "info", title, children, actions, urgent = false, testId }: MessageProps) {
  const Icon = tone === "danger" ? CircleAlert : Info;
  return (
    <div
      role={urgent ? "alert" : "status"}
      data-testid={testId}
      className={clsx(
        "flex gap-3 rounded-card p-3 text-start sm:p-4",
        tone === "danger" ? "bg-danger-soft" : "bg-coach-soft",
      )}
    >
      <Icon
        aria-hidden
        className={clsx("mt-0.5 size-5 shrink-0", tone === "danger" ? "text-danger" : "text-coach")}
      />
      <div className="grid min-w-0 grow gap-1">
        {title && <p className="font-display text-lg leading-tight font-semibold">{title}</p>}
        {children && <div className="text-[0.95rem]">{children}</div>}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
