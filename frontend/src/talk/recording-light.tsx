import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n";
import { recordingApi, recordingConsentQuery } from "@/lib/recording";
import { useTalk } from "./provider";

/** The red light: this call is recorded; and the way to end that, here and in the calls to come. */
export function RecordingLight() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: async () => {
      const consent = await queries.fetchQuery(recordingConsentQuery);
      const now = await recordingApi.answer(consent.version, false);
      queries.setQueryData(recordingConsentQuery.queryKey, now);
      await engine.stopRecording();
    },
  });
  const { recording } = state.coach;
  if (recording === null) return null;
  const on = recording === "on" && !stop.isSuccess;
  return (
    <div
      className="flex flex-wrap items-center gap-x-3 lg:justify-center"
      data-testid="recording-light"
      data-recording={on ? "on" : "stopped"}
    >
      <p role="status" className="flex items-center gap-2 text-sm font-semibold">
        <span
          aria-hidden
          className={on ? "size-2.5 rounded-full bg-danger" : "size-2.5 rounded-full border-2 border-quiet"}
        />
        {t(on ? "recording.inCall.on" : "recording.inCall.stopped")}
      </p>
      {on && (
        <button
          type="button"
          aria-disabled={stop.isPending || undefined}
          onClick={() => !stop.isPending && stop.mutate()}
          data-testid="stop-recording"
          className="min-h-11 rounded-full px-2 text-sm text-primary underline"
        >
          {t(stop.isPending ? "recording.inCall.stopping" : "recording.inCall.stop")}
        </button>
      )}
      {stop.isError && (
        <p role="alert" className="text-sm text-danger">
          {t("recording.inCall.failed")}
        </p>
      )}
    </div>
  );
}
