import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { History, Mic, Plus, Undo2 } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { useForgettingLessons } from "@/lessons/use-taking";
import { isForbidden, isMissing } from "@/lib/error-text";
import { useTitle } from "@/lib/title";
import { useTalkEngine } from "@/talk/provider";
import { authoringApi, type Draft, draftQuery } from "./authoring-api";
import { BasicsSection } from "./basics-section";
import { DocumentsSection } from "./documents-section";
import { EditorProvider, goTo, useEditor } from "./editor";
import { HistoryDialog } from "./history-dialog";
import { LanguageSection } from "./language-section";
import { newStep } from "./lesson";
import { Conflict, SaveState } from "./save-state";
import { StepCard } from "./step-card";
import { useDraft } from "./use-draft";
import { problemWords, refusalWords } from "./words";

const MOST_STEPS = 12;
const MOST_PROBLEMS_SHOWN = 8;

/** A lesson to write. */
export function WrittenLessonPage() {
  const { t } = useTranslation();
  const { lessonId } = useParams({ strict: false }) as { lessonId: string };
  const draft = useQuery(draftQuery(lessonId));
  useTitle(t("authoring.pageTitle"));
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-8">
      <Link to="/authoring" className={BACK_LINK}>
        <BackWords>{t("authoring.pageTitle")}</BackWords>
      </Link>
      {draft.data ? (
        <Builder key={lessonId} first={draft.data} />
      ) : isMissing(draft.error) || isForbidden(draft.error) ? (
        <Empty level="h1" title={t("authoring.missing")} body={t("authoring.missingBody")} />
      ) : draft.isError ? (
        <Failure
          title={t("authoring.failed")}
          error={draft.error}
          busy={draft.isFetching}
          onRetry={() => void draft.refetch()}
        />
      ) : (
        <Skeleton rows={5} />
      )}
    </div>
  );
}

function Builder({ first }: { first: Draft }) {
  const { t } = useTranslation();
  const editing = useDraft(first);
  const [offered, setOffered] = useState(first.offered);
  const [hasDraft, setHasDraft] = useState(first.has_draft);
  const accept = (draft: Draft) => {
    editing.accept(draft);
    setOffered(draft.offered);
    setHasDraft(draft.has_draft);
  };
  return (
    <EditorProvider editing={editing}>
      <header className="grid gap-2">
        <h1 translate="no" dir="auto" className="text-3xl font-bold wrap-anywhere">
          {editing.content.title}
        </h1>
        <p className="text-quiet">
          {offered
            ? t(hasDraft || editing.saving !== "saved" ? "authoring.offeredAndDraft" : "authoring.offered", {
                number: offered.number,
              })
            : t("authoring.notOffered")}
        </p>
      </header>
      <Bar lessonId={first.lesson_id} onAccept={accept} offered={offered !== null} />
      <Conflict />
      <Problems />
      <BasicsSection />
      <LanguageSection />
      <Steps />
      <DocumentsSection lessonId={first.lesson_id} first={first.document_ids} />
    </EditorProvider>
  );
}

interface BarProps {
  lessonId: string;
  offered: boolean;
  onAccept: (draft: Draft) => void;
}

/** What can be done with the lesson as a whole; it stays in sight. */
function Bar({ lessonId, offered, onAccept }: BarProps) {
  const { t } = useTranslation();
  const { canUndo, undo, usable, settle, saving, version } = useEditor();
  const [dialog, setDialog] = useState<"none" | "history" | "publish" | "archive">("none");
  const [done, setDone] = useState<"" | "published" | "archived">("");
  const navigate = useNavigate();
  const engine = useTalkEngine();
  const forget = useForgettingLessons();
  const close = () => setDialog("none");
  const preview = useChange(
    async () => {
      if (!(await settle())) throw new Error("not saved");
      await authoringApi.preview(lessonId);
      // A call keeps the plan that it began with.
      await engine.hangUp();
    },
    async () => {
      await forget();
      await navigate({ to: "/" });
    },
  );
  const publish = useChange(
    () => authoringApi.publish(lessonId, version),
    (draft) => {
      onAccept(draft);
      setDone("published");
      close();
    },
  );
  const archive = useChange(
    () => authoringApi.archive(lessonId),
    (draft) => {
      onAccept(draft);
      setDone("archived");
      close();
    },
  );
  return (
    <div className="sticky top-0 z-10 -mx-4 grid gap-2 border-b border-line bg-ground px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button
          data-testid="preview"
          busy={preview.isPending}
          disabled={!usable}
          onClick={() => preview.mutate()}
        >
          <Mic aria-hidden className="size-4" />
          {t("authoring.preview")}
        </Button>
        <Button
          look="secondary"
          data-testid="publish"
          disabled={!usable || saving !== "saved"}
          onClick={() => setDialog("publish")}
        >
          {t("authoring.publish")}
        </Button>
        <Button look="quiet" disabled={!canUndo} onClick={undo}>
          <Undo2 aria-hidden className="size-4" />
          {t("authoring.undo")}
        </Button>
        <Button
          look="quiet"
          data-testid="open-history"
          disabled={saving !== "saved"}
          onClick={() => setDialog("history")}
        >
          <History aria-hidden className="size-4" />
          {t("authoring.history")}
        </Button>
        {offered && (
          <Button look="quiet" onClick={() => setDialog("archive")}>
            {t("authoring.archive")}
          </Button>
        )}
      </div>
      <SaveState />
      <Done>{done && t(`authoring.${done}`)}</Done>
      {preview.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, preview.error)}
        </Message>
      )}
      {dialog === "history" && (
        <HistoryDialog lessonId={lessonId} seen={version} onReverted={onAccept} onClose={close} />
      )}
      {dialog === "publish" && (
        <ConfirmDialog
          title={t("authoring.publishAsk")}
          body={<p>{t("authoring.publishBody")}</p>}
          action={t("authoring.publish")}
          danger={false}
          busy={publish.isPending}
          refusal={publish.isError && refusalWords(t, publish.error)}
          onConfirm={() => publish.mutate()}
          onClose={close}
        />
      )}
      {dialog === "archive" && (
        <ConfirmDialog
          title={t("authoring.archiveAsk")}
          body={<p>{t("authoring.archiveBody")}</p>}
          action={t("authoring.archive")}
          busy={archive.isPending}
          refusal={archive.isError && refusalWords(t, archive.error)}
          onConfirm={() => archive.mutate()}
          onClose={close}
        />
      )}
    </div>
  );
}

/** What keeps the lesson from being used, and advice; each leads to its place. */
function Problems() {
  const { t } = useTranslation();
  const { problems } = useEditor();
  const errors = problems.filter((one) => one.weight === "error");
  const shown = (errors.length > 0 ? errors : problems).slice(0, MOST_PROBLEMS_SHOWN);
  if (shown.length === 0) return null;
  return (
    <Message
      tone={errors.length > 0 ? "warning" : "info"}
      testId="problems"
      title={
        errors.length > 0
          ? t("authoring.toFinish", { count: errors.length })
          : t("authoring.advice", { count: problems.length })
      }
    >
      <ul className="grid">
        {shown.map((problem) => (
          <li key={`${problem.path} ${problem.code}`}>
            <button
              type="button"
              onClick={() => goTo(problem.path)}
              className="min-h-11 py-1 text-start underline wrap-anywhere"
            >
              {problemWords(t, problem)} <Place path={problem.path} />
            </button>
          </li>
        ))}
      </ul>
    </Message>
  );
}

/** Where something is, as the writer knows it: by the step's title. */
function Place({ path }: { path: string }) {
  const { t } = useTranslation();
  const { content } = useEditor();
  const [list, number] = path.split(".");
  if (list !== "steps" || number === undefined) return null;
  const index = Number(number);
  return (
    <span className="text-quiet">
      (
      <span translate="no">
        {content.steps[index]?.title || t("authoring.stepNumber", { number: index + 1 })}
      </span>
      )
    </span>
  );
}

function Steps() {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  return (
    <Section id="steps" title={t("authoring.steps")} lead={t("authoring.stepsLead")}>
      <ol className="grid gap-3">
        {content.steps.map((step, index) => (
          <StepCard key={step.key} step={step} index={index} open={step.title === ""} />
        ))}
      </ol>
      {content.steps.length < MOST_STEPS && (
        <Button
          look="secondary"
          className="justify-self-start"
          data-testid="add-step"
          onClick={() => set(["steps"], [...content.steps, newStep()])}
        >
          <Plus aria-hidden className="size-4" />
          {t("authoring.addStep")}
        </Button>
      )}
    </Section>
  );
}
