import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Mic } from "lucide-react";
import { type ReactNode, useState } from "react";
import { CheckCards, RadioCards } from "@/account/choices";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { type RecordingConsent, recordingConsentQuery } from "@/lib/recording";
import { type Exam, examsQuery, type StartExam } from "./exams-api";
import { OpenExam } from "./open-exam";
import { isExamOpen, useStart } from "./use-sitting";

const OWN_EXTRA_TIME = 25;

/** The way into the exam: the sound of it, more time, and the button; the open exam where there is one. */
export function Begin({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const exams = useQuery(examsQuery);
  const consent = useQuery(recordingConsentQuery);
  const start = useStart();
  if (start.isSuccess) return <ComesNext />;
  if (exams.data?.open_attempt_id) {
    return (
      <div className="grid gap-3">
        {isExamOpen(start.error) && <p role="alert">{t("exams.openAlready")}</p>}
        <OpenExam />
      </div>
    );
  }
  const missing = [exams, consent].find((one) => one.isError && one.data === undefined);
  if (missing) {
    return (
      <Failure
        title={t("exams.beginFailed")}
        error={missing.error}
        busy={missing.isFetching}
        onRetry={() => void missing.refetch()}
      />
    );
  }
  if (!exams.data || !consent.data) return <Skeleton rows={2} />;
  return (
    <Choices
      exam={exam}
      granted={exams.data.granted_extra_time_percent}
      consent={consent.data}
      start={start}
    />
  );
}

/** In a call the exam waits for the next one; otherwise the page is left at once. */
function ComesNext() {
  const { t } = useTranslation();
  return (
    <Message
      title={t("exams.afterThisCall")}
      testId="after-this-call"
      actions={
        <Link to="/" className={buttonClass()}>
          {t("exams.backToCall")}
        </Link>
      }
    >
      {t("exams.afterThisCallBody")}
    </Message>
  );
}

type Sound = "held" | "none";

interface ChoicesProps {
  exam: Exam;
  /** Extra time that the school grants, in percent. */
  granted: number;
  consent: RecordingConsent;
  start: ReturnType<typeof useStart>;
}

function Choices({ exam, granted, consent, start }: ChoicesProps) {
  const { t } = useTranslation();
  const [sound, setSound] = useState<Sound>();
  const [slower, setSlower] = useState(false);
  const [unanswered, setUnanswered] = useState(false);
  const possible = consent.possible !== false;
  const asks = possible && !consent.granted && !consent.adult_needed;
  const begin = () => {
    if (asks && sound === undefined) return setUnanswered(true);
    const wanted: StartExam = { exam: exam.key, audio_consent: asks && sound === "held" };
    start.mutate(granted === 0 && slower ? { ...wanted, extra_time_percent: OWN_EXTRA_TIME } : wanted);
  };
  return (
    <section className="grid gap-5 rounded-card border border-line bg-surface p-4 sm:p-6">
      {asks ? (
        <SoundQuestion
          value={sound}
          error={unanswered && sound === undefined ? t("exams.soundMissing") : undefined}
          onChange={setSound}
        />
      ) : (
        <Said title={t("exams.sound")}>
          {t(!possible ? "exams.soundOff" : consent.granted ? "exams.recorded" : "exams.adultNeeded")}
        </Said>
      )}
      {granted > 0 ? (
        <Said title={t("exams.extraTime")}>{t("exams.extraTimeGranted", { percent: granted })}</Said>
      ) : (
        <CheckCards
          label={t("exams.extraTime")}
          values={slower ? ["more"] : []}
          options={[{ value: "more", label: t("exams.extraTimeAsk"), hint: t("exams.extraTimeHint") }]}
          onChange={(values) => setSlower(values.length > 0)}
        />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={begin} busy={start.isPending} data-testid="start-exam">
          <Mic aria-hidden className="size-4" />
          {t("exams.start")}
        </Button>
        <Link to="/device" className={buttonClass("secondary")}>
          {t("exams.checkMicrophone")}
        </Link>
      </div>
      <p className="text-sm text-quiet">{t("exams.startMeans")}</p>
      {start.isError && (
        <Message tone="danger" urgent title={t("exams.startFailed")} testId="start-failed">
          {t(errorKey(start.error))}
        </Message>
      )}
    </section>
  );
}

interface SoundQuestionProps {
  value: Sound | undefined;
  error: string | undefined;
  onChange: (value: Sound) => void;
}

/** What happens to the sound where calls are not recorded: neither answer is chosen beforehand. */
function SoundQuestion({ value, error, onChange }: SoundQuestionProps) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-2">
      <RadioCards
        label={t("exams.soundQuestion")}
        value={value}
        columns={2}
        error={error}
        testId="sound"
        options={[
          { value: "held", label: t("exams.soundHeld"), hint: t("exams.soundHeldHint") },
          { value: "none", label: t("exams.soundNone"), hint: t("exams.soundNoneHint") },
        ]}
        onChange={onChange}
      />
      <p className="text-sm text-quiet">
        {t("exams.soundKeep")}{" "}
        <Link to="/account/privacy" className="font-semibold text-primary underline">
          {t("exams.soundKeepLink")}
        </Link>
      </p>
    </div>
  );
}

function Said({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <h2 className="font-sans text-base font-semibold">{title}</h2>
      <p className="text-quiet">{children}</p>
    </div>
  );
}
