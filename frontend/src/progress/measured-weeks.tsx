import { type ReactNode, useState } from "react";
import { Segmented } from "@/components/segmented";
import { useTranslation } from "@/i18n";
import { MEASURE_NAMES, MEASURES, type Measure } from "./measures";
import { type PlottedWeek, WeekPlot } from "./week-plot";

interface MeasuredWeeksProps {
  weeksOf: (measure: Measure) => PlottedWeek[];
  /** What is said below of the measure that is shown. */
  children: (measure: Measure) => ReactNode;
}

/** Week by week, one measure at a time. */
export function MeasuredWeeks({ weeksOf, children }: MeasuredWeeksProps) {
  const { t } = useTranslation();
  const [measure, setMeasure] = useState<Measure>("minutes");
  return (
    <section className="grid gap-5 rounded-card border border-line bg-surface p-4 sm:p-6">
      <Segmented
        label={t("progress.show")}
        value={measure}
        options={MEASURES.map((one) => ({ value: one, label: t(MEASURE_NAMES[one]) }))}
        onChange={setMeasure}
        testId="measure"
      />
      <WeekPlot measure={measure} weeks={weeksOf(measure)} />
      {children(measure)}
    </section>
  );
}
