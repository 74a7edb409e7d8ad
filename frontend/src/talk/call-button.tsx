import clsx from "clsx";
import { Mic, PhoneOff, X } from "lucide-react";
import { useTranslation } from "@/i18n";
import { expectCall } from "./ports";
import { useTalk } from "./provider";
import { Shamsa } from "./shamsa";
import type { TalkState } from "./types";

function moodOf(state: TalkState): "resting" | "waiting" | "thinking" | "listening" | "speaking" {
  if (state.phase === "connecting") return "waiting";
  if (state.phase !== "in_call") return "resting";
  if (state.reconnecting || state.coach.presence !== "present") return "waiting";
  const { activity } = state.coach;
  return activity === "thinking" || activity === "speaking" ? activity : "listening";
}

interface CallButtonProps {
  rejoin: boolean;
  compact: boolean;
  /** On a phone it makes room for a lesson. */
  small?: boolean;
}

/** The one large button: start, cancel while connecting, hang up in the call. */
export function CallButton({ rejoin, compact, small = false }: CallButtonProps) {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const calling = state.phase === "in_call";
  const connecting = state.phase === "connecting";
  const again = state.phase === "ended";

  const press = () => {
    if (calling || connecting) void engine.hangUp();
    else void engine.start({ resume: rejoin });
  };
  const label = calling
    ? t("talk.hangUp")
    : connecting
      ? t("talk.cancel")
      : rejoin
        ? t("talk.rejoin")
        : again
          ? t("talk.startAgain")
          : t("talk.start");
  const Icon = calling ? PhoneOff : connecting ? X : Mic;

  return (
    <Shamsa
      levels={engine.levels}
      active={calling}
      mood={moodOf(state)}
      className={clsx(
        compact
          ? "-my-2 shrink-0 sm:w-44 lg:w-64"
          : "w-72 max-w-[78vw] max-sm:group-has-data-asking/welcome:w-60 sm:w-80",
        compact && (small ? "w-26" : "w-36"),
      )}
    >
      <button
        type="button"
        onClick={press}
        onPointerEnter={expectCall}
        onFocus={expectCall}
        data-testid="call-button"
        data-phase={state.phase}
        className={clsx(
          "relative grid aspect-square w-[46%] place-content-center justify-items-center gap-1 rounded-full text-center font-display leading-tight font-semibold shadow-lg transition-colors",
          compact
            ? "text-xs sm:text-sm lg:text-base"
            : "text-base max-sm:group-has-data-asking/welcome:text-sm sm:text-lg",
          calling
            ? "bg-danger text-on-danger hover:opacity-90"
            : connecting
              ? "bg-surface text-ink ring-2 ring-primary"
              : "bg-primary text-on-primary hover:bg-primary-strong",
        )}
      >
        <Icon aria-hidden className={compact ? "size-5 lg:size-7" : "size-8"} />
        <span className={clsx("max-w-[6.5em]", small && "max-sm:sr-only")}>{label}</span>
      </button>
    </Shamsa>
  );
}
