import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { focusSection, Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatShortDay, today } from "@/lib/format";
import { AssignForm } from "./assign-form";
import { IconButton } from "./icon-button";
import { type Assignment, assignmentsQuery, reviewApi } from "./review-api";
import { refusalWords } from "./words";

/** What a learner was asked to practise, and asking for more. */
export function AssignmentsSection({ learnerId }: { learnerId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = assignmentsQuery(learnerId);
  const assignments = useInfiniteQuery(query);
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: query.queryKey });
  const items = assignments.data?.pages.flatMap((page) => page.items);
  return (
    <Section id="assignments" title={t("review.assignments")} lead={t("review.assignmentsLead")}>
      {asking ? (
        <AssignForm
          learnerId={learnerId}
          onDone={() => {
            setAsking(false);
            setDone(true);
            focusSection("assignments");
            void refresh();
          }}
          onCancel={() => setAsking(false)}
        />
      ) : (
        <Button
          look="secondary"
          data-testid="assign"
          onClick={() => setAsking(true)}
          className="justify-self-start"
        >
          <Plus aria-hidden className="size-4" />
          {t("review.assign")}
        </Button>
      )}
      <Done>{done && !asking && t("review.assigned")}</Done>
      {items ? (
        items.length === 0 ? (
          <p className="text-quiet">{t("review.assignmentsEmpty")}</p>
        ) : (
          <>
            <ul className="grid divide-y divide-line" data-testid="assignments">
              {items.map((one) => (
                <li key={one.id} className="py-3 first:pt-0 last:pb-0">
                  <Line assignment={one} onGone={refresh} />
                </li>
              ))}
            </ul>
            <More list={assignments} title={t("review.assignmentsFailed")} />
          </>
        )
      ) : assignments.isError ? (
        <Failure
          title={t("review.assignmentsFailed")}
          error={assignments.error}
          busy={assignments.isFetching}
          onRetry={() => void assignments.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
    </Section>
  );
}

function Line({ assignment, onGone }: { assignment: Assignment; onGone: () => unknown }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const remove = useChange(
    () => reviewApi.removeAssignment(assignment),
    () => {
      setAsking(false);
      focusSection("assignments");
      return onGone();
    },
  );
  return (
    <div className="grid gap-1">
      <div className="flex items-start justify-between gap-3">
        <p translate="no" dir="auto" className="min-w-0 pt-2 font-semibold break-words">
          {assignment.title}
        </p>
        {assignment.mine && (
          <IconButton
            icon={Trash2}
            label={t("review.removeNamed", { title: assignment.title })}
            onClick={() => setAsking(true)}
          />
        )}
      </div>
      {assignment.body && (
        <p translate="no" dir="auto" className="line-clamp-4 whitespace-pre-wrap text-[0.95rem]">
          {assignment.body}
        </p>
      )}
      {assignment.lesson_title && (
        <p className="text-sm">
          {t("review.lessonNamed")}{" "}
          <span lang="en" translate="no">
            {assignment.lesson_title}
          </span>
        </p>
      )}
      <p className="text-sm text-quiet">
        <State assignment={assignment} />
      </p>
      {asking && (
        <ConfirmDialog
          title={t("review.removeAsk")}
          body={<p>{t("review.removeBody")}</p>}
          action={t("review.remove")}
          busy={remove.isPending}
          refusal={remove.isError && refusalWords(t, remove.error)}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function State({ assignment }: { assignment: Assignment }) {
  const { t, i18n } = useTranslation();
  const { done_at, due_on } = assignment;
  if (done_at !== null) {
    return (
      <span className="font-semibold text-coach">
        {t("review.doneOn", { date: formatShortDay(today(new Date(done_at)), i18n.language) })}
      </span>
    );
  }
  if (due_on === null) return t("review.open");
  const date = formatShortDay(due_on, i18n.language);
  if (due_on < today())
    return <span className="font-semibold text-danger">{t("review.overdue", { date })}</span>;
  return t("review.dueBy", { date });
}
