import { Link } from "@tanstack/react-router";
import { ResendButton } from "@/auth/reminder";
import { useSignInAgain } from "@/auth/sign-in-again";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { Closed } from "./closed";
import { canTypeInstead, isClosed } from "./problems";
import { useTalk } from "./provider";
import type { Problem } from "./types";
import { VoiceBlocked } from "./voice-blocked";

/** What stands in the way of the call, in plain words, with every next step there is. */
export function ProblemView() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const signInAgain = useSignInAgain();
  const { problem } = state;
  if (state.phase !== "problem" || problem === null) return null;
  if (isClosed(problem)) return <Closed why={problem} />;
  if (problem === "voice_blocked") return <VoiceBlocked />;
  const retry = () => void (state.problemMidCall ? engine.reconnect() : engine.start({ resume: true }));

  return (
    <Message
      tone="danger"
      urgent
      testId={`problem-${problem}`}
      {...(problem === "session_expired" ? {} : { onDismiss: () => engine.reset() })}
      title={t(`talk.problems.${problem}.title`)}
      actions={
        <>
          <Mend problem={problem} />
          {problem === "session_expired" ? (
            <Button onClick={signInAgain}>{t("talk.problems.signIn")}</Button>
          ) : (
            <Button look={needsMore(problem) ? "secondary" : "primary"} onClick={retry}>
              {t(state.problemMidCall ? "talk.rejoin" : "common.retry")}
            </Button>
          )}
          {canTypeInstead(problem) && (
            <Button look="secondary" onClick={() => void engine.start({ microphone: false, resume: true })}>
              {t("talk.typeInstead")}
            </Button>
          )}
        </>
      }
    >
      <p>{t(`talk.problems.${problem}.body`)}</p>
      {state.retryAfterSeconds !== null && (
        <p>{t("talk.problems.waitSeconds", { count: Math.ceil(state.retryAfterSeconds) })}</p>
      )}
    </Message>
  );
}

/** Whether the account lacks something that the learner can bring. */
function needsMore(problem: Problem): boolean {
  return problem === "consent_needed" || problem === "email_unverified" || problem === "age_needed";
}

/** The action that mends what the account lacks. */
function Mend({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  if (problem === "email_unverified") return <ResendButton look="primary" />;
  if (problem === "consent_needed") {
    return (
      <Link to="/guardian" className={buttonClass()}>
        {t("talk.problems.askGuardian")}
      </Link>
    );
  }
  if (problem !== "age_needed") return null;
  return (
    <Link to="/about-you" className={buttonClass()}>
      {t("talk.problems.giveAge")}
    </Link>
  );
}
