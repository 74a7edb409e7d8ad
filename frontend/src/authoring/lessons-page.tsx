import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Copy, Plus, Trash2, UserPlus } from "lucide-react";
import { useCallback, useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { More } from "@/components/more";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isForbidden } from "@/lib/error-text";
import { focusHeading } from "@/lib/focus";
import { formatShortDay, today } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { IconButton } from "@/review/icon-button";
import { NotForLearners } from "@/review/refusals";
import { AssignDialog } from "./assign-dialog";
import { authoringApi, lessonsQuery, type WrittenLesson } from "./authoring-api";
import { NewLessonDialog } from "./new-lesson-dialog";
import { refusalWords } from "./words";

/** The lessons of the school, as those who write them see them. */
export function WrittenLessonsPage() {
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const navigate = useNavigate();
  const open = useCallback(
    (lessonId: string) => void navigate({ to: "/authoring/$lessonId", params: { lessonId } }),
    [navigate],
  );
  useTitle(t("authoring.pageTitle"));
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-8">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          <h1 tabIndex={-1} className="text-3xl font-bold outline-none">
            {t("authoring.pageTitle")}
          </h1>
          <p className="text-lg text-quiet">{t("authoring.pageLead")}</p>
        </div>
        <Button data-testid="new" onClick={() => setMaking(true)}>
          <Plus aria-hidden className="size-4" />
          {t("authoring.newLesson")}
        </Button>
      </header>
      <Lessons onOpen={open} onNew={() => setMaking(true)} />
      {making && <NewLessonDialog onMade={open} onClose={() => setMaking(false)} />}
    </div>
  );
}

function Lessons({ onOpen, onNew }: { onOpen: (id: string) => void; onNew: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const lessons = useInfiniteQuery(lessonsQuery);
  const [removing, setRemoving] = useState<WrittenLesson | null>(null);
  const [assigning, setAssigning] = useState<WrittenLesson | null>(null);
  const [removed, setRemoved] = useState("");
  const reload = () => queries.invalidateQueries({ queryKey: lessonsQuery.queryKey });
  const copy = useChange(authoringApi.duplicate, (draft) => onOpen(draft.lesson_id));
  const remove = useChange(
    (lesson: WrittenLesson) => authoringApi.remove(lesson.id),
    async (_, lesson) => {
      setRemoved(lesson.title);
      setRemoving(null);
      await reload();
      focusHeading();
    },
  );
  if (isForbidden(lessons.error)) return <NotForLearners />;
  if (lessons.isError && !lessons.data)
    return (
      <Failure
        title={t("authoring.failed")}
        error={lessons.error}
        busy={lessons.isFetching}
        onRetry={() => void lessons.refetch()}
      />
    );
  if (!lessons.data) return <Skeleton rows={4} />;
  const items = lessons.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <Empty
        title={t("authoring.empty")}
        body={t("authoring.emptyBody")}
        action={<Button onClick={onNew}>{t("authoring.newLesson")}</Button>}
      />
    );
  return (
    <>
      {copy.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, copy.error)}
        </Message>
      )}
      <Done>{removed && t("authoring.deleted", { title: removed })}</Done>
      <ul className="grid gap-3" data-testid="written">
        {items.map((lesson) => (
          <li key={lesson.id}>
            <Line
              lesson={lesson}
              busy={copy.isPending && copy.variables === lesson.id}
              onCopy={() => copy.mutate(lesson.id)}
              onAssign={() => setAssigning(lesson)}
              onRemove={() => setRemoving(lesson)}
            />
          </li>
        ))}
      </ul>
      <More list={lessons} title={t("authoring.failed")} />
      {assigning && <AssignDialog lesson={assigning} onClose={() => setAssigning(null)} />}
      {removing && (
        <ConfirmDialog
          title={t("authoring.deleteAsk")}
          body={<p>{t("authoring.deleteBody", { title: removing.title })}</p>}
          action={t("authoring.delete")}
          busy={remove.isPending}
          refusal={remove.isError && refusalWords(t, remove.error)}
          onConfirm={() => remove.mutate(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}

interface LineProps {
  lesson: WrittenLesson;
  busy: boolean;
  onCopy: () => void;
  onAssign: () => void;
  onRemove: () => void;
}

function Line({ lesson, busy, onCopy, onAssign, onRemove }: LineProps) {
  const { t, i18n } = useTranslation();
  const { title } = lesson;
  return (
    <article className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 rounded-card border border-line bg-surface p-4">
      <div className="grid min-w-0 grow gap-1.5">
        <Link
          to="/authoring/$lessonId"
          params={{ lessonId: lesson.id }}
          translate="no"
          dir="auto"
          className="text-lg font-semibold wrap-anywhere text-primary underline"
        >
          {title}
        </Link>
        <p className="text-quiet">
          <span translate="no">{lesson.level}</span> · {t(`authoring.task_${lesson.task}`)} ·{" "}
          {t("authoring.minutesShort", { count: lesson.minutes })}
        </p>
        <States lesson={lesson} />
        <p className="text-sm text-quiet">
          {lesson.author_name && (
            <>
              <span translate="no">{lesson.author_name}</span> ·{" "}
            </>
          )}
          <time dateTime={lesson.changed_at}>
            {formatShortDay(today(new Date(lesson.changed_at)), i18n.language)}
          </time>
        </p>
      </div>
      <div className="flex">
        {lesson.offered && (
          <IconButton icon={UserPlus} label={t("authoring.assignNamed", { title })} onClick={onAssign} />
        )}
        <IconButton icon={Copy} busy={busy} label={t("authoring.copyNamed", { title })} onClick={onCopy} />
        <IconButton icon={Trash2} label={t("authoring.deleteNamed", { title })} onClick={onRemove} />
      </div>
    </article>
  );
}

function States({ lesson }: { lesson: WrittenLesson }) {
  const { t } = useTranslation();
  const badge = "rounded-full px-2.5 py-0.5 text-sm font-semibold";
  return (
    <p className="flex flex-wrap gap-2">
      {lesson.offered && (
        <span className={`${badge} bg-coach-soft text-coach`}>
          {t("authoring.isPublished", { number: lesson.offered.number })}
        </span>
      )}
      {lesson.has_draft && (
        <span className={`${badge} bg-learner-soft text-learner`}>
          {t(lesson.is_unfinished ? "authoring.isUnfinished" : "authoring.isDraft")}
        </span>
      )}
      {!lesson.offered && !lesson.has_draft && (
        <span className={`${badge} bg-sunken text-quiet`}>{t("authoring.isArchived")}</span>
      )}
    </p>
  );
}
