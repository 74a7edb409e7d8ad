import { useQueryClient } from "@tanstack/react-query";
import { Download, FileText, Image, Pencil, RotateCw, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { useChange } from "@/account/use-change";
import { QuickLessonButton } from "@/authoring/quick-lesson-button";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { ProgressBar } from "@/components/progress-bar";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { focusHeading } from "@/lib/focus";
import { formatBytes, formatDay } from "@/lib/format";
import { DOCUMENTS, documentsApi, documentsQuery, isUnfinished, type Material } from "./documents-api";

/** A document: what it is, how far its reading is or why it failed, and what can be done with it. */
export function DocumentRow({ material }: { material: Material }) {
  const { t, i18n } = useTranslation();
  const [doing, setDoing] = useState<"rename" | "remove" | null>(null);
  const Icon = material.mime.startsWith("image/") ? Image : FileText;
  return (
    <li className="grid gap-3 rounded-card border border-line bg-surface p-4" data-state={material.state}>
      <div className="flex items-start gap-3">
        <Icon aria-hidden className="mt-1 size-5 shrink-0 text-primary" />
        <div className="grid min-w-0 grow gap-0.5">
          {doing === "rename" ? (
            <Rename material={material} onDone={() => setDoing(null)} />
          ) : (
            <h2 className="text-lg font-semibold break-words" translate="no">
              {material.title}
            </h2>
          )}
          <p className="flex flex-wrap gap-x-3 text-sm text-quiet">
            <span>{t(`documents.whose_${material.scope}`)}</span>
            <span translate="no">{formatBytes(material.size_bytes, i18n.language)}</span>
            <time dateTime={material.created_at}>{formatDay(material.created_at, i18n.language)}</time>
            {material.state === "ready" && material.chunk_count > 0 && (
              <span>{t("documents.passages", { count: material.chunk_count })}</span>
            )}
          </p>
        </div>
        <Tools material={material} onRename={() => setDoing("rename")} onRemove={() => setDoing("remove")} />
      </div>
      {material.state === "ready" && material.chunk_count > 0 && (
        <QuickLessonButton documentId={material.id} />
      )}
      {isUnfinished(material) && <Reading material={material} />}
      {material.failure && <Failed material={material} />}
      {doing === "remove" && <Remove material={material} onClose={() => setDoing(null)} />}
    </li>
  );
}

const TOOL = "grid size-11 place-items-center rounded-full text-quiet hover:bg-sunken hover:text-ink";

function Tools({ material, onRename, onRemove }: RowProps & { onRename: () => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const about = { title: material.title };
  return (
    <div className="-m-2 flex shrink-0">
      <a
        href={`${DOCUMENTS}/${material.id}/content`}
        download={material.file_name}
        aria-label={t("documents.download", about)}
        className={TOOL}
      >
        <Download aria-hidden className="size-4" />
      </a>
      {material.may_change && (
        <>
          <button type="button" aria-label={t("documents.rename", about)} onClick={onRename} className={TOOL}>
            <Pencil aria-hidden className="size-4" />
          </button>
          <button
            type="button"
            aria-label={t("documents.remove", about)}
            onClick={onRemove}
            data-testid="remove"
            className={TOOL}
          >
            <Trash2 aria-hidden className="size-4" />
          </button>
        </>
      )}
    </div>
  );
}

interface RowProps {
  material: Material;
}

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: documentsQuery.queryKey });
}

function Reading({ material }: RowProps) {
  const { t } = useTranslation();
  const words = t(`documents.state_${material.state as "queued" | "parsing" | "embedding"}`);
  return (
    <div className="grid gap-1" data-testid="reading">
      <p role="status" className="text-sm">
        {words}
      </p>
      <ProgressBar label={words} value={material.progress} max={100} />
    </div>
  );
}

function Failed({ material }: RowProps) {
  const { t } = useTranslation();
  const retry = useChange(() => documentsApi.retry(material.id), useRefresh());
  if (!material.failure) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl bg-danger-soft p-3" data-testid="failed">
      <p className="min-w-0 grow basis-60">{t(`documents.failure_${material.failure.code}`)}</p>
      {material.may_change && material.failure.may_retry && (
        <Button look="secondary" busy={retry.isPending} onClick={() => retry.mutate()}>
          <RotateCw aria-hidden className="size-4" />
          {t("documents.retry")}
        </Button>
      )}
      {retry.isError && (
        <p role="alert" className="w-full text-sm text-danger">
          {t(errorKey(retry.error))}
        </p>
      )}
    </div>
  );
}

function Rename({ material, onDone }: RowProps & { onDone: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(material.title);
  const refresh = useRefresh();
  const rename = useChange(
    () => documentsApi.change(material.id, { title: title.trim() }),
    async () => {
      await refresh();
      onDone();
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim()) rename.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2 pb-2">
      <Field
        className="grow"
        label={t("documents.newTitle")}
        value={title}
        maxLength={200}
        autoFocus
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onDone()}
        error={rename.isError ? t(errorKey(rename.error)) : undefined}
      />
      <Button type="submit" look="secondary" busy={rename.isPending}>
        {t("documents.save")}
      </Button>
      <Button look="quiet" onClick={onDone}>
        {t("documents.cancel")}
      </Button>
    </form>
  );
}

function Remove({ material, onClose }: RowProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const remove = useChange(
    () => documentsApi.remove(material.id),
    async () => {
      onClose();
      await refresh();
      focusHeading();
    },
  );
  return (
    <ConfirmDialog
      title={t("documents.removeTitle")}
      body={
        <p>
          <strong translate="no">{material.title}</strong>: {t("documents.removeBody")}
        </p>
      }
      action={t("documents.removeAction")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
