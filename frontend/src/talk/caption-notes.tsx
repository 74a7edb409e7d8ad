import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { BookOpenText, ChevronDown, PenLine } from "lucide-react";
import { useState } from "react";
import { CorrectionWords } from "@/corrections/correction-words";
import { useTranslation } from "@/i18n";
import { passageQuery } from "@/knowledge/documents-api";
import type { CaptionNote, Correction, Source } from "./shown";

/** Under a caption: what could be said better, and what the coach's words rest on. Closed until it is wanted. */
export function CaptionNotes({ note }: { note: CaptionNote }) {
  return (
    <>
      {note.corrections && note.corrections.length > 0 && <Corrections corrections={note.corrections} />}
      {note.sources && note.sources.length > 0 && <Sources sources={note.sources} />}
    </>
  );
}

function Corrections({ corrections }: { corrections: readonly Correction[] }) {
  const { t } = useTranslation();
  return (
    <details className="group mt-1 text-sm" data-testid="caption-corrections">
      <summary className="flex min-h-11 cursor-pointer list-none items-center justify-end gap-1.5 rounded-full px-2 text-quiet hover:text-ink">
        <PenLine aria-hidden className="size-4" />
        {t("classroom.corrections", { count: corrections.length })}
        <ChevronDown aria-hidden className="size-4 group-open:rotate-180" />
      </summary>
      <ul className="grid gap-2 rounded-card bg-sunken p-3">
        {corrections.map((one) => (
          <li key={`${one.original}>${one.replacement}`} className="grid gap-1">
            <CorrectionWords correction={one} said={t("classroom.youSaid")} better={t("classroom.better")} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function distinct(sources: readonly Source[]): Source[] {
  const known = new Map(sources.map((one) => [`${one.document_id} ${one.page}`, one]));
  return [...known.values()];
}

function Sources({ sources }: { sources: readonly Source[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const shown = distinct(sources);
  const opened = shown.find((one) => one.chunk_id === open);
  return (
    <div className="mt-1 grid gap-1.5 text-sm" data-testid="caption-sources">
      <ul aria-label={t("classroom.sources")} className="flex flex-wrap gap-1.5">
        {shown.map((one) => (
          <li key={one.chunk_id}>
            <button
              type="button"
              aria-expanded={one.chunk_id === open}
              onClick={() => setOpen(one.chunk_id === open ? null : one.chunk_id)}
              className={clsx(
                "inline-flex min-h-11 max-w-72 items-center gap-1.5 rounded-full border px-3",
                one.chunk_id === open ? "border-primary" : "border-line hover:border-primary",
              )}
            >
              <BookOpenText aria-hidden className="size-4 shrink-0 text-coach" />
              <span translate="no" className="truncate">
                {one.title}
              </span>
              {one.page !== null && (
                <span className="shrink-0 text-quiet">{t("classroom.page", { page: one.page })}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {opened && <Passage source={opened} />}
    </div>
  );
}

function Passage({ source }: { source: Source }) {
  const { t } = useTranslation();
  const passage = useQuery(passageQuery(source.document_id, source.chunk_id));
  return (
    <blockquote
      data-testid="passage"
      dir="auto"
      translate="no"
      className="max-h-56 overflow-y-auto rounded-card bg-sunken p-3 whitespace-pre-line"
    >
      {passage.isError ? <span translate="yes">{t("classroom.passageFailed")}</span> : passage.data?.text}
      {passage.isPending && <span translate="yes">{t("classroom.passageComes")}</span>}
    </blockquote>
  );
}
