import { useTranslation } from "@/i18n";
import { AgreementPlot } from "./agreement-plot";
import type { DimensionAgreement } from "./results-api";
import { dimensionName } from "./words";

interface AgreementCardProps {
  one: DimensionAgreement;
  fewest: number;
  learners: number;
}

/** One of the five: how far machine and people agree, or what is missing to say so. */
export function AgreementCard({ one, fewest, learners }: AgreementCardProps) {
  const { t } = useTranslation();
  const counted = t("results.marksOf", { count: one.marks, learners: one.learners, blind: one.blind_marks });
  return (
    <section className="grid content-start gap-3 rounded-card border border-line bg-surface p-4">
      <div>
        <h2 className="text-lg font-semibold">{t(dimensionName(one.dimension))}</h2>
        <p className="text-sm text-quiet">{one.marks === 0 ? t("results.noMarks") : counted}</p>
      </div>
      {one.withheld ? (
        <p data-testid="withheld">{t("results.withheld", { marks: fewest, learners })}</p>
      ) : (
        <>
          <Figures one={one} />
          <AgreementPlot pairs={one.pairs} />
        </>
      )}
    </section>
  );
}

function Figures({ one }: { one: DimensionAgreement }) {
  const { t, i18n } = useTranslation();
  const points = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  });
  const plain = new Intl.NumberFormat(i18n.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const share = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const mean = one.mean_difference ?? 0;
  const kinder = Math.abs(mean) < 0.05 ? "even" : mean > 0 ? "machineKinder" : "personKinder";
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2">
      <Figure name={t("results.qwk")} value={typeof one.qwk === "number" ? plain.format(one.qwk) : "–"}>
        {typeof one.qwk === "number" ? null : t("results.qwkNone")}
      </Figure>
      <Figure name={t("results.meanDifference")} value={points.format(mean)}>
        {t(`results.${kinder}`)}
      </Figure>
      <Figure name={t("results.sameBand")} value={share.format(one.same_band ?? 0)}>
        {t("results.adjacent", { share: share.format(one.adjacent_band ?? 0) })}
      </Figure>
      <Figure
        name={t("results.limits")}
        value={t("results.between", {
          low: points.format(one.lower_limit ?? mean),
          high: points.format(one.upper_limit ?? mean),
        })}
      />
    </dl>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children?: string | null }) {
  return (
    <div className="grid content-start">
      <dt className="text-sm text-quiet">{name}</dt>
      <dd>
        <span className="font-display text-xl font-bold tabular-nums">{value}</span>
        {children && <span className="block text-sm text-quiet">{children}</span>}
      </dd>
    </div>
  );
}
