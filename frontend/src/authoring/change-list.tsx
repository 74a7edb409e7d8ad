import { useTranslation } from "@/i18n";
import type { Change } from "./authoring-api";

interface ChangeListProps {
  changes: readonly Change[];
  before: string;
  after: string;
}

/** What differs, text by text. The places are named as in the lesson: a step by its key. */
export function ChangeList({ changes, before, after }: ChangeListProps) {
  const { t } = useTranslation();
  if (changes.length === 0) return <p className="mt-2">{t("authoring.noChanges")}</p>;
  return (
    <ul className="mt-3 grid max-h-96 gap-3 overflow-y-auto" data-testid="changes">
      {changes.map((change) => (
        <li
          key={change.path}
          className="grid gap-1 rounded-xl border border-line bg-surface p-3 text-sm text-ink"
        >
          <p translate="no" className="font-semibold wrap-anywhere text-quiet">
            {change.path.replaceAll(".", " › ").replaceAll("_", " ")}
          </p>
          {change.before !== null && (
            <p>
              <span className="text-quiet">{before}: </span>
              <del translate="no" className="wrap-anywhere">
                {change.before}
              </del>
            </p>
          )}
          {change.after !== null && (
            <p>
              <span className="text-quiet">{after}: </span>
              <ins translate="no" className="wrap-anywhere">
                {change.after}
              </ins>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
