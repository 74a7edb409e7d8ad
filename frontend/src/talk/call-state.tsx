import { useTranslation } from "@/i18n";
import type { TalkState } from "./types";

/** The catalogue's key for what is going on right now. */
export function stateKey(state: TalkState) {
  if (state.phase === "connecting") return `talk.step_${state.step}` as const;
  if (state.phase === "ended") return "talk.state_ended" as const;
  if (state.phase === "problem") return "talk.state_stopped" as const;
  if (state.reconnecting) return "talk.state_reconnecting" as const;
  if (state.coach.presence !== "present") return `talk.state_${state.coach.presence}` as const;
  return `talk.state_${state.coach.activity ?? "idle"}` as const;
}

/**
 * One line that says whose turn it is; spoken by screen readers when it changes. That the coach waits in a
 * pause is only to be seen: spoken, it would talk over somebody who looks for a word.
 */
export function CallStateLine({ state }: { state: TalkState }) {
  const { t } = useTranslation();
  const activity = state.phase === "in_call" ? (state.coach.activity ?? "") : "";
  const waits = activity === "listening" && state.coach.waits && !state.reconnecting;
  return (
    <p
      role="status"
      data-testid="call-state"
      data-phase={state.phase}
      data-presence={state.coach.presence}
      data-activity={activity}
      className="font-display text-xl leading-snug font-semibold text-balance lg:text-2xl"
    >
      {waits && <span aria-hidden>{t("talk.state_waits")}</span>}
      <span className={waits ? "sr-only" : undefined}>{t(stateKey(state))}</span>
    </p>
  );
}
