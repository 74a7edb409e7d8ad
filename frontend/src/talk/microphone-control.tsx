import { Mic, MicOff } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { hasOwnWords, toTalkError } from "./problems";
import { useTalk } from "./provider";
import type { Problem } from "./types";

/** Mute with its shortcut, or the way to a microphone for those who began by typing. */
export function MicrophoneControl() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const muted = state.microphone === "muted";

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.code !== "KeyM" || event.repeat) return;
      event.preventDefault();
      void engine.toggleMute();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [engine]);

  if (state.microphone === "absent") return <AddMicrophone />;
  return (
    <div className="grid justify-items-start gap-1.5 lg:justify-items-center">
      <Button
        look={muted ? "primary" : "secondary"}
        aria-pressed={muted}
        aria-keyshortcuts="Alt+M"
        title={t("talk.shortcuts")}
        data-testid="mute"
        onClick={() => void engine.toggleMute()}
      >
        {muted ? <MicOff aria-hidden className="size-5" /> : <Mic aria-hidden className="size-5" />}
        {t("talk.mute")}
      </Button>
      {muted && <p className="text-sm text-quiet">{t("talk.mutedHint")}</p>}
    </div>
  );
}

function AddMicrophone() {
  const { t } = useTranslation();
  const { engine } = useTalk();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const add = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await engine.addMicrophone();
    } catch (error) {
      setProblem(toTalkError(error).problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="grid justify-items-start gap-2 lg:justify-items-center lg:text-center">
      <p className="text-sm text-quiet">{t("talk.typingOnly")}</p>
      <Button look="secondary" className="px-3.5! text-sm" busy={busy} onClick={() => void add()}>
        <Mic aria-hidden className="size-5" />
        {t("talk.addMicrophone")}
      </Button>
      {problem !== null && (
        <p role="alert" className="text-sm text-danger">
          {t(`talk.problems.${hasOwnWords(problem) ? "server" : problem}.body`)}
        </p>
      )}
    </div>
  );
}
