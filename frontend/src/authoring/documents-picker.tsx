import { useQuery } from "@tanstack/react-query";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { documentsQuery } from "@/knowledge/documents-api";
import { Tick } from "./tick";

const MOST_DOCUMENTS = 5;

interface DocumentsPickerProps {
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  hint: string;
}

/** Documents that are read, to be ticked. */
export function DocumentsPicker({ chosen, onChange, hint }: DocumentsPickerProps) {
  const { t } = useTranslation();
  const documents = useQuery(documentsQuery);
  const ready = (documents.data?.items ?? []).filter((one) => one.state === "ready" && one.chunk_count > 0);
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset className="grid gap-1">
      <legend className="font-semibold">{t("authoring.documents")}</legend>
      <p className="text-sm text-quiet">{hint}</p>
      {documents.data === undefined ? (
        documents.isError ? (
          <Failure
            title={t("authoring.documentsFailed")}
            error={documents.error}
            busy={documents.isFetching}
            onRetry={() => void documents.refetch()}
          />
        ) : (
          <Skeleton rows={1} />
        )
      ) : ready.length === 0 ? (
        <p className="text-quiet">{t("authoring.noDocuments")}</p>
      ) : (
        <ul className="max-h-60 overflow-y-auto rounded-xl border border-line">
          {ready.map((one) => (
            <li key={one.id}>
              <Tick
                checked={chosen.includes(one.id)}
                disabled={!chosen.includes(one.id) && chosen.length >= MOST_DOCUMENTS}
                onChange={() => toggle(one.id)}
              >
                <span translate="no" dir="auto">
                  {one.title}
                </span>
              </Tick>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
