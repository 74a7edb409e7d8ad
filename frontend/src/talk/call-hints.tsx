import { RefreshCw, Volume2, VolumeX, WifiOff } from "lucide-react";
import { type RefObject, useSyncExternalStore } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { useTalk } from "./provider";

function subscribeToNetwork(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Everything out of the ordinary in a running call: what it means and what can be done. */
export function CallHints({ messageBox }: { messageBox: RefObject<HTMLTextAreaElement | null> }) {
  const { state } = useTalk();
  if (state.phase !== "in_call") return null;
  return (
    <div className="grid gap-2 empty:hidden">
      <SoundPrompt />
      {state.reconnecting ? <ReconnectingHint /> : <CoachAwayHint messageBox={messageBox} />}
      <Notices />
    </div>
  );
}

function SoundPrompt() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  if (!state.soundBlocked) return null;
  return (
    <Message
      urgent
      tone="warning"
      icon={VolumeX}
      testId="sound-blocked"
      actions={
        <Button onClick={() => void engine.startSound()}>
          <Volume2 aria-hidden className="size-5" />
          {t("talk.enableSound")}
        </Button>
      }
    >
      {t("talk.soundBlocked")}
    </Message>
  );
}

function ReconnectingHint() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  return (
    <Message testId="reconnecting" urgent tone="warning" icon={online ? RefreshCw : WifiOff}>
      {t(online ? "talk.reconnectingBody" : "talk.offlineBody")}
    </Message>
  );
}

function CoachAwayHint({ messageBox }: { messageBox: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const { presence } = state.coach;
  if (presence !== "late" && presence !== "lost") return null;
  return (
    <Message
      urgent
      tone="warning"
      testId={`coach-${presence}`}
      actions={
        <>
          <Button look="secondary" onClick={() => void engine.reconnect()}>
            {t("talk.connectAgain")}
          </Button>
          <Button look="quiet" onClick={() => messageBox.current?.focus()}>
            {t("talk.typeInstead")}
          </Button>
        </>
      }
    >
      {t(presence === "late" ? "talk.lateBody" : "talk.lostBody")}
    </Message>
  );
}

function Notices() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  if (state.notices.length === 0) return null;
  return (
    <ul aria-label={t("talk.notices.label")} className="grid gap-2">
      {state.notices.map((notice) => (
        <li key={notice.id} data-notice={notice.code ?? "other"}>
          <Message
            tone={notice.code === "coach_resumed" ? "info" : "warning"}
            onDismiss={() => engine.dismissNotice(notice.id)}
          >
            {notice.code ? t(`talk.notices.${notice.code}`) : notice.text}
          </Message>
        </li>
      ))}
    </ul>
  );
}
