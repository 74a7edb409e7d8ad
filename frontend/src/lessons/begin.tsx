import { Link } from "@tanstack/react-router";
import { Mic } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { CurrentLesson } from "./current-lesson";
import type { LessonDetail } from "./lessons-api";
import { useStart } from "./use-taking";

/** The button that makes this the lesson of the next call; in a call it says when the lesson will come. */
export function Begin({ lesson }: { lesson: LessonDetail }) {
  const { t } = useTranslation();
  const start = useStart(lesson.id);
  const waits = start.data?.takes_effect === "after_this_call";
  if (waits) {
    return (
      <Message
        title={t("lessons.afterThisCall")}
        testId="after-this-call"
        actions={
          <Link to="/" className={buttonClass()}>
            {t("lessons.toCall")}
          </Link>
        }
      >
        {t("lessons.afterThisCallBody")}
      </Message>
    );
  }
  if (lesson.state === "open") return <CurrentLesson />;
  const unfinished = lesson.state === "started";
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-3">
        <Button
          data-testid="start"
          busy={start.isPending && !start.variables.restart}
          onClick={() => start.mutate({ restart: false })}
        >
          <Mic aria-hidden className="size-4" />
          {t(unfinished ? "lessons.goOn" : lesson.state === "completed" ? "lessons.again" : "lessons.start")}
        </Button>
        {unfinished && (
          <Button
            look="secondary"
            busy={start.isPending && start.variables.restart}
            onClick={() => start.mutate({ restart: true })}
          >
            {t("lessons.restart")}
          </Button>
        )}
      </div>
      {start.isError && (
        <Message tone="danger" urgent title={t("lessons.startFailed")} testId="start-failed">
          {t(errorKey(start.error))}
        </Message>
      )}
    </div>
  );
}
