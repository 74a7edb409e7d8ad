import { Circle, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { canRecord, RECORDING_SECONDS, record } from "./sound-check";

/** A sentence recorded and played back; it stays in this page's memory and goes with it. */
export function Recording({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation();
  const running = useRef<{ stop: () => void } | null>(null);
  const [recording, setRecording] = useState(false);
  const [sound, setSound] = useState<string | null>(null);
  useEffect(() => () => running.current?.stop(), []);
  useEffect(() => () => (sound === null ? undefined : URL.revokeObjectURL(sound)), [sound]);

  const start = async () => {
    const started = record(stream);
    running.current = started;
    setRecording(true);
    const blob = await started.done;
    setRecording(false);
    setSound(URL.createObjectURL(blob));
  };

  return (
    <section className="grid gap-3 rounded-card border border-line bg-surface p-4 sm:p-6">
      <h2 className="text-xl font-semibold">{t("device.recordTitle")}</h2>
      {canRecord() ? (
        <>
          <p role="status" className="text-quiet">
            {recording ? t("device.recording") : t("device.recordHint", { seconds: RECORDING_SECONDS })}
          </p>
          <Button
            look={recording ? "danger" : "primary"}
            data-testid="device-record"
            data-recording={recording}
            className="justify-self-start"
            onClick={() => (recording ? running.current?.stop() : void start())}
          >
            {recording ? (
              <Square aria-hidden className="size-4 fill-current" />
            ) : (
              <Circle aria-hidden className="size-4 fill-current" />
            )}
            {t(recording ? "device.stop" : sound === null ? "device.record" : "device.recordAgain")}
          </Button>
          {sound !== null && !recording && (
            // biome-ignore lint/a11y/useMediaCaption: the listener's own words, said a moment ago
            <audio
              controls
              src={sound}
              aria-label={t("device.playback")}
              data-testid="device-playback"
              className="w-full"
            />
          )}
        </>
      ) : (
        <p>{t("device.cannotRecord")}</p>
      )}
    </section>
  );
}
