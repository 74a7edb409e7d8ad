import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Section } from "@/account/section";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatShortDay, today } from "@/lib/format";
import { type Brief, historyQuery } from "./results-api";
import { Steps } from "./steps-plot";
import { DIMENSIONS, dimensionName, levelWords, MOST, SCALE, scoreText } from "./words";

interface TrendProps {
  /** Whose; null for one's own. */
  learnerId: string | null;
  /** The attempt that is on the page. */
  attemptId: string;
}

/** How the five and the level went over a learner's exams. */
export function Trend({ learnerId, attemptId }: TrendProps) {
  const { t } = useTranslation();
  const history = useQuery(historyQuery(learnerId));
  if (history.data === undefined) {
    if (!history.isError) return <Skeleton rows={1} />;
    return (
      <Failure
        title={t("results.trendFailed")}
        error={history.error}
        busy={history.isFetching}
        onRetry={() => void history.refetch()}
      />
    );
  }
  const judged = history.data.items.filter(isJudged).toReversed();
  return (
    <Section id="trend" title={t("results.trend")}>
      {judged.length < 2 ? (
        <p className="max-w-prose text-quiet" data-testid="trend-few">
          {t(judged.length === 0 ? "results.trendNone" : "results.trendOne")}
        </p>
      ) : (
        <Plots attempts={judged} attemptId={attemptId} />
      )}
    </Section>
  );
}

function isJudged(one: Brief): boolean {
  return Object.values(one.scores).some((score) => score !== null);
}

function Plots({ attempts, attemptId }: { attempts: readonly Brief[]; attemptId: string }) {
  const { t, i18n } = useTranslation();
  const levels = attempts.map((one) => (one.level ? SCALE.indexOf(one.level) : null));
  return (
    <>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3" data-testid="trend">
        <li>
          <Steps
            name={t("results.level")}
            values={levels}
            most={SCALE.length - 1}
            write={(place) => levelWords(t, SCALE[place] ?? "below_A1")}
          />
        </li>
        {DIMENSIONS.map((dimension) => (
          <li key={dimension}>
            <Steps
              name={t(dimensionName(dimension))}
              values={attempts.map((one) => one.scores[dimension] ?? null)}
              most={MOST}
              write={(score) => scoreText(score, i18n.language)}
            />
          </li>
        ))}
      </ul>
      {attempts.length < 4 && <p className="text-sm text-quiet">{t("results.trendFew")}</p>}
      <details>
        <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
          {t("results.asTable")}
        </summary>
        <Table attempts={attempts} attemptId={attemptId} />
      </details>
    </>
  );
}

function Table({ attempts, attemptId }: { attempts: readonly Brief[]; attemptId: string }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="overflow-x-auto">
      <table className="mt-2 w-full border-collapse text-start text-sm">
        <thead>
          <tr className="border-b border-line text-quiet">
            <th scope="col" className="py-2 text-start font-semibold">
              {t("results.exam")}
            </th>
            <th scope="col" className="py-2 ps-3 text-end font-semibold">
              {t("results.level")}
            </th>
            {DIMENSIONS.map((dimension) => (
              <th key={dimension} scope="col" className="py-2 ps-3 text-end font-semibold">
                {t(dimensionName(dimension))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {attempts.map((one) => (
            <tr
              key={one.attempt_id}
              className={clsx(
                "border-b border-line last:border-0",
                one.attempt_id === attemptId && "font-semibold",
              )}
            >
              <th scope="row" className="py-1 text-start font-[inherit]">
                <Link
                  to="/exams/attempts/$attemptId"
                  params={{ attemptId: one.attempt_id }}
                  aria-current={one.attempt_id === attemptId ? "page" : undefined}
                  className="flex min-h-11 items-center whitespace-nowrap text-primary underline"
                >
                  <time dateTime={one.taken_at}>
                    {formatShortDay(today(new Date(one.taken_at)), i18n.language)}
                  </time>
                </Link>
              </th>
              <td
                translate={one.level === "below_A1" ? undefined : "no"}
                className="py-1 ps-3 text-end whitespace-nowrap"
              >
                {one.level ? levelWords(t, one.level) : "–"}
              </td>
              {DIMENSIONS.map((dimension) => {
                const score = one.scores[dimension];
                return (
                  <td key={dimension} className="py-1 ps-3 text-end tabular-nums">
                    {typeof score === "number" ? scoreText(score, i18n.language) : "–"}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
