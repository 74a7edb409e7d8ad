import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Timer } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { formatClock } from "@/lib/format";
import { type AttemptDetail, attemptQuery, examsQuery } from "./exams-api";
import { useGivingUp } from "./use-sitting";
import { examName } from "./words";

/** The exam that waits or goes on: the way to its call, and the way to give it up. Nothing where none is open. */
export function OpenExam({ talking = false }: { talking?: boolean }) {
  const openId = useQuery(examsQuery).data?.open_attempt_id ?? null;
  return openId === null ? null : <Open attemptId={openId} talking={talking} />;
}

function Open({ attemptId, talking }: { attemptId: string; talking: boolean }) {
  const { t } = useTranslation();
  const attempt = useQuery(attemptQuery(attemptId)).data;
  const [asking, setAsking] = useState(false);
  const giveUp = useGivingUp();
  if (!attempt) return null;
  return (
    <>
      <Message
        icon={Timer}
        title={t(attempt.state === "waiting" ? "exams.nextCall" : "exams.goesOn")}
        testId="open-exam"
        actions={
          <>
            {!talking && (
              <Link to="/" className={buttonClass()}>
                {t(attempt.state === "waiting" ? "exams.toCall" : "exams.goOn")}
              </Link>
            )}
            <Button look="secondary" onClick={() => setAsking(true)} data-testid="give-up">
              {t("exams.giveUp")}
            </Button>
          </>
        }
      >
        <p className="font-semibold">{examName(t, attempt)}</p>
        <Place attempt={attempt} />
      </Message>
      {asking && (
        <ConfirmDialog
          title={t("exams.giveUpTitle")}
          body={<p>{t(attempt.state === "waiting" ? "exams.giveUpUnbegun" : "exams.giveUpBody")}</p>}
          action={t("exams.giveUp")}
          busy={giveUp.isPending}
          error={giveUp.error}
          onConfirm={() => giveUp.mutate(attemptId, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

/** Where the clock stands. */
function Place({ attempt }: { attempt: AttemptDetail }) {
  const { t } = useTranslation();
  const { view } = attempt;
  if (attempt.state === "waiting") return <p>{t("exams.clockWaits")}</p>;
  const running = view.parts.findIndex((part) => part.state === "running");
  return (
    <>
      {running >= 0 && (
        <p>
          {t("exams.partOf", { number: running + 1, count: view.parts.length })}{" "}
          <span lang="en" translate="no">
            {view.parts[running]?.title}
          </span>
        </p>
      )}
      <p>{t("exams.remaining", { time: formatClock(attempt.total_remaining_s) })}</p>
    </>
  );
}
