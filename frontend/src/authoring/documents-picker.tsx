import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { documentsQuery } from "./authoring-api";

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
  const ready = (documents.data ?? []).filter((one) => one.state === "ready" && one.chunk_count > 0);
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset className="grid gap-1">
      <legend className="font-semibold">{t("authoring.documents")}</legend>
      <p className="text-sm text-quiet">{hint}</p>
      {documents.isPending ? (
        <Skeleton rows={1} />
      ) : ready.length === 0 ? (
        <p className="text-quiet">{t("authoring.noDocuments")}</p>
      ) : (
        <ul className="max-h-60 overflow-y-auto rounded-xl border border-line">
          {ready.map((one) => (
            <li key={one.id}>
              <label className="flex min-h-11 cursor-pointer items-center gap-3 px-3 py-2 hover:bg-sunken">
                <input
                  type="checkbox"
                  checked={chosen.includes(one.id)}
                  disabled={!chosen.includes(one.id) && chosen.length >= MOST_DOCUMENTS}
                  onChange={() => toggle(one.id)}
                  className="size-5 shrink-0 accent-primary"
                />
                <span translate="no" dir="auto" className="min-w-0 wrap-anywhere">
                  {one.title}
                </span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
