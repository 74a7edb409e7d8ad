import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { useTalk } from "./provider";

/** The call's sound is blocked: the same coach by writing, or another try. */
export function VoiceBlockedNotice() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const retry = () => void (state.problemMidCall ? engine.reconnect() : engine.start({ resume: true }));
  return (
    <Message
      tone="warning"
      urgent
      testId="problem-voice_blocked"
      onDismiss={() => engine.reset()}
      title={t("writing.blocked")}
      actions={
        <>
          <Button onClick={() => void engine.start({ microphone: false, written: true, resume: true })}>
            {t("writing.type")}
          </Button>
          <Button look="secondary" onClick={retry}>
            {t("common.retry")}
          </Button>
        </>
      }
    >
      <p>{t("writing.blockedBody")}</p>
    </Message>
  );
}
