import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isMissing } from "@/lib/error-text";
import { useTitle } from "@/lib/title";
import { DOCUMENTS, type Passage, passageQuery } from "./documents-api";

/** A passage of a document, with what stands around it: where the chip of a source leads. */
export function PassagePage() {
  const { t } = useTranslation();
  const { documentId, chunkId } = useParams({ strict: false });
  const passage = useQuery(passageQuery(documentId ?? "", chunkId ?? ""));
  const title = passage.data?.document.title;
  useTitle(title === undefined ? t("documents.passage") : t("documents.passageOf", { title }));
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-8">
      <Link to="/documents" className={BACK_LINK}>
        <BackWords>{t("documents.title")}</BackWords>
      </Link>
      {passage.data ? (
        <Shown passage={passage.data} />
      ) : isMissing(passage.error) ? (
        <Empty level="h1" title={t("documents.gone")} body={t("documents.goneBody")} />
      ) : passage.isError ? (
        <Failure
          title={t("documents.passageFailed")}
          error={passage.error}
          busy={passage.isFetching}
          onRetry={() => void passage.refetch()}
        />
      ) : (
        <Skeleton rows={3} />
      )}
    </div>
  );
}

function Shown({ passage }: { passage: Passage }) {
  const { t } = useTranslation();
  const { document } = passage;
  return (
    <article className="grid gap-4" data-testid="passage">
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold break-words" translate="no">
          {document.title}
        </h1>
        <p className="text-quiet">
          {passage.heading && <span translate="no">{passage.heading}</span>}
          {passage.heading && passage.page != null && " · "}
          {passage.page != null && t("documents.page", { page: passage.page })}
        </p>
      </header>
      <div className="grid gap-3" dir="auto" translate="no">
        {passage.before && <p className="break-words whitespace-pre-line text-quiet">{passage.before}</p>}
        <p className="border-s-4 border-primary ps-4 text-lg break-words whitespace-pre-line">
          {passage.text}
        </p>
        {passage.after && <p className="break-words whitespace-pre-line text-quiet">{passage.after}</p>}
      </div>
      <a
        href={`${DOCUMENTS}/${document.id}/content`}
        download={document.file_name}
        className={buttonClass("secondary", "justify-self-start")}
      >
        <Download aria-hidden className="size-4" />
        {t("documents.downloadAction")}
      </a>
    </article>
  );
}
