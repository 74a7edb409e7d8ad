import { Link } from "@tanstack/react-router";
import { BookText } from "lucide-react";
import { useTranslation } from "@/i18n";
import type { Turn } from "@/lib/api";

/** What a turn of the coach rests on; each leads to its passage. */
export function SourceChips({ sources }: { sources: Turn["sources"] }) {
  const { t } = useTranslation();
  if (!sources?.length) return null;
  return (
    <ul aria-label={t("transcript.sources")} className="flex flex-wrap gap-2" data-testid="sources">
      {sources.map((source) => (
        <li key={source.chunk_id} className="max-w-full">
          <Link
            to="/documents/$documentId/$chunkId"
            params={{ documentId: source.document_id, chunkId: source.chunk_id }}
            className="inline-flex min-h-11 max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-3 text-sm text-quiet hover:border-primary hover:text-ink"
          >
            <BookText aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate" translate="no">
              {source.title}
            </span>
            {source.page != null && <span>· {t("transcript.sourcePage", { page: source.page })}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
