import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Section } from "@/account/section";
import { BACK_LINK, BackWords } from "@/components/back-link";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isForbidden } from "@/lib/error-text";
import { useTitle } from "@/lib/title";
import { NotForLearners } from "@/review/refusals";
import { AgreementCard } from "./agreement-card";
import { AskedSection } from "./asked-section";
import { AttemptLink } from "./attempt-link";
import { type Calibration, calibrationQuery, type DoubleMarked, doubleMarkedQuery } from "./results-api";
import { dimensionName, scoreText } from "./words";

/** How far the machine's scores and people's marks agree. */
export function CalibrationPage() {
  const { t } = useTranslation();
  const calibration = useQuery(calibrationQuery);
  useTitle(t("results.calibration"));
  if (isForbidden(calibration.error)) return <NotForLearners />;
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 py-6 sm:py-8">
      <Link to="/review" className={BACK_LINK}>
        <BackWords>{t("app.learners")}</BackWords>
      </Link>
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold">{t("results.calibration")}</h1>
        <p className="max-w-prose text-lg text-quiet">{t("results.calibrationLead")}</p>
      </header>
      <AskedSection />
      {calibration.data ? (
        <Figures calibration={calibration.data} />
      ) : calibration.isError ? (
        <Failure
          title={t("results.calibrationFailed")}
          error={calibration.error}
          busy={calibration.isFetching}
          onRetry={() => void calibration.refetch()}
        />
      ) : (
        <Skeleton rows={4} />
      )}
      <DoubleMarkedSection />
    </div>
  );
}

function Figures({ calibration }: { calibration: Calibration }) {
  const { t } = useTranslation();
  const toldFirst = calibration.dimensions.toSorted((one, other) => +one.withheld - +other.withheld);
  return (
    <>
      <ul className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3" data-testid="agreement">
        {toldFirst.map((one) => (
          <li key={one.dimension} className="grid">
            <AgreementCard
              one={one}
              fewest={calibration.fewest_marks}
              learners={calibration.fewest_learners}
            />
          </li>
        ))}
      </ul>
      <p className="max-w-prose text-sm text-quiet">{t("results.calibrationCaution")}</p>
    </>
  );
}

function DoubleMarkedSection() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(doubleMarkedQuery);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section id="double-marked" title={t("results.doubleMarked")} lead={t("results.doubleMarkedLead")}>
      {items ? (
        items.length === 0 ? (
          <p className="text-quiet">{t("results.doubleMarkedEmpty")}</p>
        ) : (
          <>
            <ul className="grid divide-y divide-line" data-testid="double-marked">
              {items.map((one) => (
                <li key={one.attempt_id} className="py-3 first:pt-0 last:pb-0">
                  <Attempt one={one} />
                </li>
              ))}
            </ul>
            <More list={list} title={t("results.doubleMarkedFailed")} />
          </>
        )
      ) : list.isError ? (
        <Failure
          title={t("results.doubleMarkedFailed")}
          error={list.error}
          busy={list.isFetching}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
    </Section>
  );
}

function Attempt({ one }: { one: DoubleMarked }) {
  const { t, i18n } = useTranslation();
  return (
    <article className="grid gap-2 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] lg:items-center">
      <AttemptLink
        attemptId={one.attempt_id}
        learnerName={one.learner_name}
        title={one.title}
        satAt={one.sat_at}
      />
      <dl className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {one.marks.map((mark) => (
          <div key={mark.dimension}>
            <dt className="text-quiet">{t(dimensionName(mark.dimension))}</dt>
            <dd className="tabular-nums">
              {t("results.machineAndPerson", {
                machine: mark.machine === null ? "–" : scoreText(mark.machine, i18n.language),
                person: scoreText(mark.person, i18n.language),
              })}
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
