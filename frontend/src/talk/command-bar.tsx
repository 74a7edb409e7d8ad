import clsx from "clsx";
import { CircleStop, Lightbulb, Repeat2, SkipForward, Turtle } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { COMMANDS } from "@/lib/room";
import { useTalk } from "./provider";

type Command = (typeof COMMANDS)[number];

const LOOK = {
  repeat: { icon: Repeat2, code: "KeyR", keys: "Alt+R" },
  slower: { icon: Turtle, code: "KeyL", keys: "Alt+L" },
  hint: { icon: Lightbulb, code: "KeyH", keys: "Alt+H" },
  skip: { icon: SkipForward, code: "KeyK", keys: "Alt+K" },
  stop: { icon: CircleStop, code: "KeyX", keys: "Alt+X" },
} as const satisfies Record<Command, unknown>;

/** How long the question whether to stop stays open. */
const SURE_FOR_MS = 8_000;
const FREE: readonly Command[] = ["repeat", "slower", "hint"];
const IN_LESSON: readonly Command[] = [...FREE, "skip", "stop"];

/** What may be asked of the coach; the same can be said or typed. Stopping a lesson takes a second press. */
export function CommandBar() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const running = state.shown.lesson?.state === "running";
  const ready = state.coach.presence === "present" && !state.reconnecting;
  const [sure, setSure] = useState(false);
  const [failed, setFailed] = useState(false);
  const commands = running ? IN_LESSON : FREE;

  const press = useCallback(
    async (command: Command) => {
      const asks = command === "stop" && !sure;
      setSure(asks);
      if (!asks) setFailed(!(await engine.command(command)));
    },
    [engine, sure],
  );
  useEffect(() => {
    if (!sure) return;
    const timer = setTimeout(() => setSure(false), SURE_FOR_MS);
    return () => clearTimeout(timer);
  }, [sure]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = commands.find((one) => LOOK[one].code === event.code);
      if (!event.altKey || event.repeat || command === undefined || !ready) return;
      event.preventDefault();
      void press(command);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [commands, press, ready]);

  return (
    <div className="grid shrink-0 gap-1.5 empty:hidden">
      <ul
        aria-label={t("classroom.commands")}
        data-testid="commands"
        className={clsx("grid gap-1.5", running ? "grid-cols-5" : "grid-cols-3")}
      >
        {commands.map((command) => {
          const { icon: Icon, keys } = LOOK[command];
          const asking = command === "stop" && sure;
          return (
            <li key={command} className="grid">
              <button
                type="button"
                data-command={command}
                aria-keyshortcuts={keys}
                aria-disabled={!ready || undefined}
                title={t(`classroom.keys_${command}`)}
                onClick={() => ready && void press(command)}
                onBlur={() => setSure(false)}
                className={buttonClass(
                  asking ? "danger" : "secondary",
                  "flex-col gap-0.5! rounded-card! px-1! py-1.5! text-xs leading-tight sm:flex-row sm:gap-2! sm:px-2! sm:text-sm",
                )}
              >
                <Icon aria-hidden className="size-5 shrink-0" />
                {asking ? t("classroom.reallyStop") : t(`classroom.command_${command}`)}
              </button>
            </li>
          );
        })}
      </ul>
      <p role="status" className="text-center text-sm text-danger empty:hidden">
        {failed && t("classroom.commandFailed")}
      </p>
    </div>
  );
}
