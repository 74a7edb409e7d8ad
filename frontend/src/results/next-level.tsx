import { Section } from "@/account/section";
import { useTranslation } from "@/i18n";
import type { Assessment } from "./results-api";
import { SayButton } from "./say-button";

type Improvement = NonNullable<Assessment["improvement"]>;

/** The learner's own sentence as the next level would say it. */
export function NextLevel({ improvement }: { improvement: Improvement }) {
  const { t } = useTranslation();
  return (
    <Section id="next-level" title={t("results.nextLevel")} lead={t("results.nextLevelLead")}>
      <dl className="grid gap-4" data-testid="next-level">
        <div className="grid gap-1 border-s-4 border-learner-vivid ps-4">
          <dt className="text-sm font-semibold text-learner">{t("results.youSaid")}</dt>
          <dd lang="en" translate="no" className="text-[1.0625rem] break-words">
            {improvement.said}
          </dd>
        </div>
        <div className="grid gap-2 border-s-4 border-coach ps-4">
          <dt className="text-sm font-semibold text-coach">{t("results.better")}</dt>
          <dd className="grid gap-2">
            <span lang="en" translate="no" className="text-[1.0625rem] break-words">
              {improvement.better}
            </span>
            <span>
              <SayButton text={improvement.better} />
            </span>
          </dd>
        </div>
      </dl>
    </Section>
  );
}
