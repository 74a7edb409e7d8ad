import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Keyboard } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { ExamOfNextCall } from "@/exams/later";
import { useTranslation } from "@/i18n";
import { LessonOfNextCall } from "@/lessons/later";
import { isInCallElsewhere } from "@/lib/in-call";
import { defaultSessionQuery, meQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { PlacementAfterCall } from "@/onboarding/after-call";
import { ReportAfterCall } from "@/report/after-call";
import { CallButton } from "./call-button";
import { CallHints } from "./call-hints";
import { CallStateLine } from "./call-state";
import { CaptionsView } from "./captions-view";
import { CommandBar, ExamArea, ExamOver, LessonArea } from "./classroom-parts";
import { MessageBox } from "./message-box";
import { MicrophoneControl } from "./microphone-control";
import { PatienceControl } from "./patience-control";
import { markInCall, wasInCall } from "./ports";
import { ProblemView } from "./problem-view";
import { useTalk } from "./provider";
import { RecordingLight, RecordingQuestion } from "./recording-parts";
import type { TalkState } from "./types";

/** Home: one button, and once it is pressed, the conversation. */
export function TalkPage() {
  const { t } = useTranslation();
  const { state } = useTalk();
  const conversing = state.phase === "in_call" || state.phase === "ended" || state.captions.length > 0;
  useTitle(t("talk.title"));
  return conversing ? <Conversation /> : <Welcome />;
}

/**
 * Whether a call is open; one that this very tab was in is gone back to unasked. A copy of a tab believes that of
 * itself too, so a call that another tab is in is never taken over unasked.
 */
function useOpenCall() {
  const { engine } = useTalk();
  const session = useQuery(defaultSessionQuery);
  const open = session.data?.open_call ?? null;
  const fresh = session.isFetchedAfterMount;
  const [elsewhere, setElsewhere] = useState(false);
  useEffect(() => {
    if (!fresh || engine.snapshot().phase !== "idle") return;
    if (open === null) return markInCall(false);
    void isInCallElsewhere().then((found) => {
      setElsewhere(found);
      const waiting = engine.snapshot().phase === "idle";
      if (!found && waiting && wasInCall()) void engine.start({ resume: true });
    });
  }, [fresh, open, engine]);
  return { session, open, elsewhere };
}

function Welcome() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const { session, open, elsewhere } = useOpenCall();
  const me = useQuery(meQuery).data;
  const name = me?.display_name;
  const rejoin = open !== null;
  const idle = state.phase === "idle";

  return (
    <div className="group/welcome mx-auto grid w-full max-w-2xl justify-items-center gap-5 px-4 pt-6 pb-10 text-center max-sm:has-data-asking:gap-3 max-sm:has-data-asking:pt-3 sm:pt-10">
      <div className="grid gap-2">
        <h1 className="text-3xl font-bold max-sm:group-has-data-asking/welcome:text-2xl sm:text-4xl">
          {name ? t("talk.hello", { name }) : t("talk.helloNameless")}
        </h1>
        <p className="text-lg text-quiet max-sm:group-has-data-asking/welcome:hidden">{t("talk.lead")}</p>
      </div>
      <div className="w-full max-w-md empty:hidden">
        <ProblemView />
      </div>
      <div className="w-full max-w-md empty:hidden">{idle && !rejoin && <RecordingQuestion />}</div>
      <div className="w-full max-w-md empty:hidden">
        {!rejoin && idle && session.data?.mode === "lesson" && <LessonOfNextCall />}
        {!rejoin && idle && session.data?.mode === "exam" && <ExamOfNextCall />}
      </div>
      <CallButton rejoin={rejoin} compact={false} />
      {state.phase === "connecting" && <CallStateLine state={state} />}
      {idle && (
        <Button
          look="secondary"
          className="px-3.5! text-sm"
          data-testid="type-instead"
          onClick={() => void engine.start({ microphone: false, resume: rejoin })}
        >
          <Keyboard aria-hidden className="size-5" />
          {t("talk.typeInstead")}
        </Button>
      )}
      <p className="text-sm text-quiet" data-testid="ai-disclosure">
        {t("talk.disclosure")}
      </p>
      <div className="grid w-full max-w-md gap-4">
        {rejoin && idle && (
          <Message title={t("talk.inCallTitle")} testId={elsewhere ? "call-elsewhere" : "call-open"}>
            {t(elsewhere ? "talk.inCallElsewhere" : "talk.inCallBody")}
          </Message>
        )}
        {rejoin && state.phase === "connecting" && <Message>{t("talk.rejoining")}</Message>}
        {session.isError && idle && me?.organisation_suspended == null && (
          <Failure
            title={t("talk.problems.server.title")}
            error={session.error}
            busy={session.isFetching}
            onRetry={() => void session.refetch()}
          />
        )}
        <PatienceControl />
      </div>
    </div>
  );
}

function Conversation() {
  const { t } = useTranslation();
  const { state } = useTalk();
  const messageBox = useRef<HTMLTextAreaElement>(null);
  const calling = state.phase === "in_call";
  const examining = state.shown.exam?.state === "running";
  const teaching = state.shown.lesson?.state === "running" || examining;
  // On a small screen a lesson, and words about what fails, need the place.
  const crowded = teaching || state.notices.length > 0;

  return (
    <div
      className={clsx(
        // In a call only the words scroll; afterwards the whole page does, for there is a report to read.
        state.phase === "ended" ? "min-h-full" : "h-full",
        "mx-auto grid min-h-[34rem] w-full max-w-6xl grid-rows-[auto_minmax(0,1fr)] gap-3 px-3 pt-2 pb-3 sm:px-4 lg:grid-cols-[22rem_minmax(0,1fr)] lg:grid-rows-1 lg:gap-6 lg:py-6",
      )}
    >
      <h1 className="sr-only">{t("talk.title")}</h1>
      <aside
        className={clsx(
          "grid content-start gap-3 lg:content-center lg:gap-6",
          state.phase === "ended" && "lg:sticky lg:top-6 lg:self-start",
        )}
      >
        <div className="flex items-center gap-4 lg:flex-col lg:text-center">
          <CallButton rejoin={false} compact small={crowded} />
          <div className="grid min-w-0 gap-2.5 lg:justify-items-center">
            <CallStateLine state={state} />
            {calling && <MicrophoneControl />}
            {calling && state.coach.recording !== null && <RecordingLight />}
            <Legend />
          </div>
        </div>
        {calling && state.shown.exam === null && (
          <div className={clsx(crowded && "max-lg:hidden")}>
            <PatienceControl hint={false} />
          </div>
        )}
        <div className="text-sm text-quiet max-lg:hidden lg:text-center">
          <p>{t("talk.disclosure")}</p>
          {calling && <p>{t("talk.shortcuts")}</p>}
        </div>
      </aside>
      <div className="flex min-h-0 flex-col gap-3">
        <ProblemView />
        <CallHints messageBox={messageBox} />
        <Ended />
        {state.shown.lesson !== null && <LessonArea />}
        {calling && examining && <ExamArea />}
        <CaptionsView className={clsx("grow", crowded && "min-h-28! shrink-0 basis-28")} />
        {calling && state.shown.exam === null && <CommandBar />}
        {calling && !(examining && state.microphone !== "absent") && <MessageBox box={messageBox} />}
        <p className="px-2 text-center text-xs text-quiet lg:hidden">{t("talk.disclosure")}</p>
      </div>
    </div>
  );
}

/** Which colour is whose, and who answers. */
function Legend() {
  const { t } = useTranslation();
  const { state } = useTalk();
  return (
    <div className="grid gap-1 text-sm text-quiet lg:justify-items-center">
      <ul className="flex gap-4 max-sm:hidden" aria-label={t("talk.levels")}>
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-full bg-learner-vivid" />
          {t("talk.you")}
        </li>
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-full bg-coach" />
          {t("talk.coach")}
        </li>
      </ul>
      {state.phase === "in_call" && state.coach.answeredBy === "guided" && state.shown.exam === null && (
        <p data-testid="answered-by-guided">{t("talk.guided")}</p>
      )}
    </div>
  );
}

/** That the call is over, the way to its words, and its report once it is written. */
function Ended() {
  const { state } = useTalk();
  if (state.phase !== "ended") return null;
  return (
    <div className="grid shrink-0 gap-3">
      {state.shown.exam !== null && <ExamOver />}
      <EndedMessage state={state} />
      {state.settled && <PlacementAfterCall />}
      {state.settled && state.callId && state.shown.exam === null && (
        <ReportAfterCall callId={state.callId} />
      )}
    </div>
  );
}

function EndedMessage({ state }: { state: TalkState }) {
  const { t } = useTranslation();
  return (
    <Message
      testId="call-ended"
      title={t("talk.state_ended")}
      actions={
        state.callId ? (
          <Link
            to="/calls/$callId"
            params={{ callId: state.callId }}
            data-testid="transcript-link"
            className={buttonClass("primary")}
          >
            {t("talk.seeTranscript")}
          </Link>
        ) : (
          <Link to="/history" className={buttonClass("primary")}>
            {t(state.settled ? "app.history" : "talk.findingTranscript")}
          </Link>
        )
      }
    >
      {t(state.endedBy === "coach" ? "talk.endedByCoachBody" : "talk.endedBody")}
    </Message>
  );
}
