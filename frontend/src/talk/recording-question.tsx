import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { recordingApi, recordingConsentQuery } from "@/lib/recording";

/**
 * The question whether calls may be recorded, before the first one. Both answers look alike, and the call can be
 * started without any: then nothing is recorded.
 */
export function RecordingQuestion() {
  const { t } = useTranslation();
  const id = useId();
  const queries = useQueryClient();
  const consent = useQuery(recordingConsentQuery).data;
  const answer = useMutation({
    mutationFn: (granted: boolean) => recordingApi.answer(consent?.version ?? "", granted),
    onSuccess: (now) => queries.setQueryData(recordingConsentQuery.queryKey, now),
  });

  if (answer.data !== undefined) {
    return (
      <Message testId="recording-answered">
        {t(answer.data.granted ? "recording.question.saidYes" : "recording.question.saidNo")}{" "}
        <Link to="/account/privacy" hash="recording" className="font-semibold text-primary underline">
          {t("recording.question.change")}
        </Link>
      </Message>
    );
  }
  if (consent === undefined || consent.asked || consent.adult_needed || consent.possible === false)
    return null;
  return (
    <section
      aria-labelledby={id}
      data-testid="recording-question"
      // On a small screen the page makes room, so that the button below stays in view.
      data-asking
      className="grid gap-2 rounded-card border border-line bg-surface p-3 text-start sm:gap-3 sm:p-5"
    >
      <h2 id={id} className="text-lg leading-tight font-semibold sm:text-xl">
        {t("recording.question.title")}
      </h2>
      <p className="max-sm:text-[0.95rem] max-sm:leading-snug">{t("recording.question.body")}</p>
      <p className="text-sm text-quiet max-sm:leading-snug">
        {t("recording.question.who")} {t("recording.question.free")}
      </p>
      {answer.isError && (
        <p role="alert" className="text-sm text-danger">
          {t("recording.question.failed")}
        </p>
      )}
      <div className="grid grid-cols-2 gap-2">
        <Button
          look="secondary"
          className="px-3!"
          busy={answer.isPending}
          onClick={() => answer.mutate(true)}
          data-testid="recording-yes"
        >
          {t("recording.question.yes")}
        </Button>
        <Button
          look="secondary"
          className="px-3!"
          busy={answer.isPending}
          onClick={() => answer.mutate(false)}
          data-testid="recording-no"
        >
          {t("recording.question.no")}
        </Button>
      </div>
    </section>
  );
}
