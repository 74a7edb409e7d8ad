import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { type Attempt, currentLessonQuery } from "./lessons-api";
import { useLeave } from "./use-taking";

/** The lesson that the next call brings, and the way back to free talk; nothing where there is none. */
export function CurrentLesson({ talking = false }: { talking?: boolean }) {
  const { t } = useTranslation();
  const attempt = useQuery(currentLessonQuery).data;
  const leave = useLeave();
  if (!attempt) return null;
  return (
    <Message
      icon={BookOpen}
      title={t("lessons.nextCall")}
      testId="current-lesson"
      actions={
        <>
          {!talking && (
            <Link to="/" className={buttonClass()}>
              {t("lessons.talk")}
            </Link>
          )}
          <Button look="secondary" busy={leave.isPending} onClick={() => leave.mutate(attempt.id)}>
            {t("lessons.leave")}
          </Button>
        </>
      }
    >
      <Title attempt={attempt} />
      {leave.isError && <p className="mt-1 text-danger">{t(errorKey(leave.error))}</p>}
    </Message>
  );
}

/** A draft has no page among the lessons. */
function Title({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation();
  if (attempt.draft) {
    return (
      <p>
        <span lang="en" translate="no">
          {attempt.title}
        </span>{" "}
        {t("lessons.draft")}
      </p>
    );
  }
  return (
    <Link
      to="/lessons/$lessonId"
      params={{ lessonId: attempt.lesson_id }}
      className="font-semibold underline"
      lang="en"
      translate="no"
    >
      {attempt.title}
    </Link>
  );
}
