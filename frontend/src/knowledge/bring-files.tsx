import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { FileUp, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "@/components/button";
import { ProgressBar } from "@/components/progress-bar";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import type { User } from "@/lib/api";
import { programsQuery } from "@/organisations/organisations-api";
import type { Target } from "./documents-api";
import { errorText } from "./error-text";
import { type Upload, useUploads } from "./uploads";

const KINDS = ".pdf,.docx,.pptx,.txt,.md,.csv,.html,.htm,.png,.jpg,.jpeg,.gif,.webp";

/** Where files come in: dropped, or chosen; and whom they are for, where there is a choice. */
export function BringFiles({ role, mostBytes }: { role: User["role"]; mostBytes: number }) {
  const { t } = useTranslation();
  const { uploads, add, forget } = useUploads(mostBytes);
  const [target, setTarget] = useState<Target>({ scope: "learner" });
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files, target);
  };
  return (
    <section className="grid gap-3" aria-label={t("documents.bring")}>
      {role !== "learner" && <ForWhom role={role} target={target} onTarget={setTarget} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is everybody's */}
      <div
        data-testid="drop"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          "grid justify-items-center gap-2 rounded-card border-2 border-dashed p-6 text-center transition-colors",
          over ? "border-primary bg-coach-soft" : "border-line",
        )}
      >
        <FileUp aria-hidden className="size-8 text-primary" />
        <Button onClick={() => input.current?.click()}>{t("documents.choose")}</Button>
        <p className="text-sm text-quiet">
          <span className="max-sm:hidden">{t("documents.drop")} </span>
          {t("documents.kinds", { size: Math.round(mostBytes / 1_000_000) })}
        </p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={KINDS}
          data-testid="files"
          onChange={(event) => {
            add(Array.from(event.target.files ?? []), target);
            event.target.value = "";
          }}
        />
      </div>
      {uploads.length > 0 && (
        <ul className="grid gap-2" data-testid="uploads">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} onForget={() => forget(upload.id)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function UploadRow({ upload, onForget }: { upload: Upload; onForget: () => void }) {
  const { t } = useTranslation();
  const percent = Math.round(upload.share * 100);
  return (
    <li
      className={clsx(
        "flex items-center gap-3 rounded-card p-3",
        upload.error ? "bg-danger-soft" : "bg-sunken",
      )}
    >
      <div className="grid min-w-0 grow gap-1">
        <p className="truncate font-semibold" translate="no">
          {upload.name}
        </p>
        {upload.error ? (
          <p role="alert" className="text-sm">
            {errorText(t, upload.error)}
          </p>
        ) : (
          <ProgressBar
            label={t("documents.uploading", { percent })}
            value={percent}
            max={100}
            className="bg-surface! [&::-webkit-progress-bar]:bg-surface!"
          />
        )}
      </div>
      <button
        type="button"
        aria-label={t(upload.error ? "documents.dismiss" : "documents.stop")}
        onClick={onForget}
        className="grid size-11 shrink-0 place-items-center rounded-full hover:bg-surface"
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  );
}

interface ForWhomProps {
  role: User["role"];
  target: Target;
  onTarget: (target: Target) => void;
}

function ForWhom({ role, target, onTarget }: ForWhomProps) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery).data ?? [];
  const value = target.programId ?? target.scope;
  const choose = (chosen: string) => {
    if (chosen === "learner" || chosen === "organisation") onTarget({ scope: chosen });
    else onTarget({ scope: "program", programId: chosen });
  };
  return (
    <Select
      label={t("documents.forWhom")}
      value={value}
      options={[
        { value: "learner", label: t("documents.scope_learner") },
        ...programs
          .filter((program) => !program.archived)
          .map((program) => ({ value: program.id, label: program.name, own: true })),
        ...(role === "admin" ? [{ value: "organisation", label: t("documents.scope_organisation") }] : []),
      ]}
      onChange={(event) => choose(event.target.value)}
    />
  );
}
