import { useTranslation } from "@/i18n";
import type { Language } from "./progress-api";

/** Different words by level: a table whose bars are drawn beside its numbers, so everybody reads the same. */
export function LevelPlot({ vocabulary }: { vocabulary: Language["vocabulary"] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...vocabulary.levels.map((level) => level.words));
  return (
    <table className="w-full border-collapse text-start" data-testid="level-table">
      <thead>
        <tr className="border-b border-line text-sm text-quiet">
          <th scope="col" className="py-2 pe-3 text-start font-semibold">
            {t("progress.level")}
          </th>
          <th scope="col" className="py-2 pe-3 text-end font-semibold">
            {t("progress.differentWords")}
          </th>
          <th scope="col" className="py-2 pe-3 text-end font-semibold">
            {t("progress.newWords")}
          </th>
          <td aria-hidden className="w-1/2" />
        </tr>
      </thead>
      <tbody>
        {vocabulary.levels.map((level) => (
          <tr key={level.level} className="border-b border-line align-top last:border-0">
            <th scope="row" className="py-2 pe-3 text-start font-semibold" translate="no">
              {level.level === "C" ? "C1–C2" : level.level}
            </th>
            <td className="py-2 pe-3 text-end tabular-nums">{level.words}</td>
            <td className="py-2 pe-3 text-end tabular-nums">{level.recent}</td>
            <td className="py-2">
              <div
                aria-hidden
                className="mt-1 h-4 min-w-0.5 rounded-e-md bg-primary"
                style={{ width: `${(level.words / most) * 100}%` }}
              />
              <p lang="en" translate="no" className="mt-1 text-sm break-words text-quiet">
                {level.examples.join(", ")}
              </p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
