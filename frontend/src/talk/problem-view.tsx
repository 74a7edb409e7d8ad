import { useSignInAgain } from "@/auth/sign-in-again";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { canTypeInstead } from "./problems";
import { useTalk } from "./provider";

/** What stands in the way of the call, in plain words, with every next step there is. */
export function ProblemView() {
  const { t } = useTranslation();
  const { engine, state } = useTalk();
  const signInAgain = useSignInAgain();
  const { problem } = state;
  if (state.phase !== "problem" || problem === null) return null;
  const retry = () => void (state.problemMidCall ? engine.reconnect() : engine.start({ resume: true }));

  return (
    <Message
      tone="danger"
      urgent
      testId={`problem-${problem}`}
      {...(problem === "session_expired" ? {} : { onDismiss: () => engine.reset() })}
      title={t(`problems.${problem}.title`)}
      actions={
        <>
          {problem === "session_expired" ? (
            <Button onClick={signInAgain}>{t("problems.signIn")}</Button>
          ) : (
            <Button onClick={retry}>{t(state.problemMidCall ? "talk.rejoin" : "common.retry")}</Button>
          )}
          {canTypeInstead(problem) && (
            <Button look="secondary" onClick={() => void engine.start({ microphone: false, resume: true })}>
              {t("talk.typeInstead")}
            </Button>
          )}
        </>
      }
    >
      <p>{t(`problems.${problem}.body`)}</p>
      {state.retryAfterSeconds !== null && (
        <p>{t("problems.waitSeconds", { count: Math.ceil(state.retryAfterSeconds) })}</p>
      )}
    </Message>
  );
}
