import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import type { FoundPassage } from "./documents-api";

/** Passages that fit a search, each a way to its place; or that nothing fits. */
export function FoundList({ items }: { items: FoundPassage[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return <p data-testid="nothing-found">{t("documents.nothingFound")}</p>;
  return (
    <ul className="grid gap-3">
      {items.map(({ source, heading, text }) => (
        <li key={source.chunk_id} className="rounded-card border border-line bg-surface p-4">
          <Link
            to="/documents/$documentId/$chunkId"
            params={{ documentId: source.document_id, chunkId: source.chunk_id }}
            className="font-semibold text-primary underline-offset-4 hover:underline"
          >
            <span translate="no">{heading ? `${source.title} › ${heading}` : source.title}</span>
            {source.page != null && (
              <span className="text-quiet">, {t("documents.page", { page: source.page })}</span>
            )}
          </Link>
          <p dir="auto" translate="no" className="mt-1 line-clamp-3 break-words">
            {text}
          </p>
        </li>
      ))}
    </ul>
  );
}
