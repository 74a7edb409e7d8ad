import clsx from "clsx";
import { CircleAlert, Info, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n";

type Tone = "info" | "warning" | "danger";

const TONES: Record<Tone, { icon: typeof Info; ground: string; mark: string }> = {
  info: { icon: Info, ground: "bg-coach-soft", mark: "text-coach" },
  warning: { icon: TriangleAlert, ground: "bg-learner-soft", mark: "text-learner" },
  danger: { icon: CircleAlert, ground: "bg-danger-soft", mark: "text-danger" },
};

interface MessageProps {
  /** `warning` is for what passes or has a way round; `danger` for what has stopped. */
  tone?: Tone;
  icon?: typeof Info;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Announce at once; only for what the reader must act on. */
  urgent?: boolean;
  onDismiss?: () => void;
  testId?: string;
}

/** A framed word to the reader: what happened, and what can be done next. */
export function Message({
  tone = "info",
  icon,
  title,
  children,
  actions,
  urgent = false,
  onDismiss,
  testId,
}: MessageProps) {
  const { t } = useTranslation();
  const { icon: usual, ground, mark } = TONES[tone];
  const Icon = icon ?? usual;
  return (
    <div className={clsx("relative rounded-card p-3 text-start sm:p-4", ground)} data-testid={testId}>
      <div role={urgent ? "alert" : "status"} className={clsx("flex gap-3", onDismiss && "pe-9")}>
        <Icon aria-hidden className={clsx("mt-0.5 size-5 shrink-0", mark)} />
        <div className="grid min-w-0 grow gap-1">
          {title && <p className="font-display text-lg leading-tight font-semibold">{title}</p>}
          {children && <div className="text-[0.95rem]">{children}</div>}
        </div>
      </div>
      {actions && <div className="mt-3 flex flex-wrap gap-2 sm:ps-8">{actions}</div>}
      {onDismiss && (
        <button
          type="button"
          aria-label={t("common.dismiss")}
          onClick={onDismiss}
          className="absolute end-1 top-1 grid size-11 place-items-center rounded-full hover:bg-sunken"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </div>
  );
}
