import { useTranslation } from "@/i18n";
import type { DimensionAgreement } from "./results-api";
import { MOST, scoreText } from "./words";

const SIZE = 220;
const WHOLE = [0, 1, 2, 3, 4, 5] as const;

const at = (score: number) => (score / MOST) * SIZE;

/** The machine's score against a person's, a dot a pair; the same as a table for who wants the numbers. */
export function AgreementPlot({ pairs }: Pick<DimensionAgreement, "pairs">) {
  const { t, i18n } = useTranslation();
  return (
    <figure className="grid gap-2" data-testid="agreement-plot">
      <div aria-hidden className="grid grid-cols-[auto_1fr] gap-x-1.5 text-xs text-quiet">
        <span className="self-center [writing-mode:vertical-rl] rotate-180">{t("results.person")}</span>
        <svg viewBox={`-14 -12 ${SIZE + 26} ${SIZE + 30}`} className="w-full max-w-80" aria-hidden>
          {WHOLE.map((whole) => (
            <g key={whole}>
              <g className="stroke-line" strokeWidth="1">
                <line x1={at(whole)} x2={at(whole)} y1={0} y2={SIZE} />
                <line x1={0} x2={SIZE} y1={at(whole)} y2={at(whole)} />
              </g>
              <g className="fill-quiet text-[0.65rem]" textAnchor="middle">
                <text x={at(whole)} y={SIZE + 15}>
                  {whole}
                </text>
                <text x={-9} y={SIZE - at(whole) + 4}>
                  {whole}
                </text>
              </g>
            </g>
          ))}
          <line
            x1={0}
            y1={SIZE}
            x2={SIZE}
            y2={0}
            strokeWidth="2"
            strokeDasharray="6 5"
            className="stroke-quiet"
          />
          {pairs.map((pair) => (
            <circle
              key={`${pair.machine} ${pair.person}`}
              cx={at(pair.machine)}
              cy={SIZE - at(pair.person)}
              r={4 + 2 * Math.sqrt(pair.count - 1)}
              className="fill-coach stroke-surface"
              fillOpacity="0.75"
              strokeWidth="1.5"
            />
          ))}
        </svg>
        <span />
        <span className="max-w-80 text-center">{t("results.machine")}</span>
      </div>
      <figcaption className="text-sm text-quiet">{t("results.plotCaption")}</figcaption>
      <details>
        <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
          {t("results.asTable")}
        </summary>
        <table className="mt-1 w-full border-collapse text-sm">
          <thead>
            <tr className="border-b border-line text-quiet">
              <th scope="col" className="py-1.5 text-start font-semibold">
                {t("results.machine")}
              </th>
              <th scope="col" className="py-1.5 text-end font-semibold">
                {t("results.person")}
              </th>
              <th scope="col" className="py-1.5 text-end font-semibold">
                {t("results.times")}
              </th>
            </tr>
          </thead>
          <tbody className="tabular-nums">
            {pairs.map((pair) => (
              <tr key={`${pair.machine} ${pair.person}`} className="border-b border-line last:border-0">
                <td className="py-1.5">{scoreText(pair.machine, i18n.language)}</td>
                <td className="py-1.5 text-end">{scoreText(pair.person, i18n.language)}</td>
                <td className="py-1.5 text-end">{pair.count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
