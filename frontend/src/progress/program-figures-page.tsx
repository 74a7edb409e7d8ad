import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Gauge, MessagesSquare, Mic, RefreshCw, Scale } from "lucide-react";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { errorKey, isMissing } from "@/lib/error-text";
import { formatMoment } from "@/lib/format";
import { useTitle } from "@/lib/title";
import { MeasuredWeeks } from "./measured-weeks";
import { type Measure, measured, written } from "./measures";
import { askForRefresh, type ProgramFigures, programFiguresQuery } from "./progress-api";
import { Tile } from "./tile";

const RECKONED_WITHIN_MS = 4_000;

/** What a program's learners did together, as far as it tells nothing of one of them. */
export function ProgramFiguresPage() {
  const { t } = useTranslation();
  const { programId } = useParams({ from: "/data/frame/signed-in/review/programs/$programId" });
  const figures = useQuery(programFiguresQuery(programId));
  useTitle(t("progress.program"));
  if (isMissing(figures.error)) {
    return <Empty level="h1" title={t("progress.noProgram")} body={t("progress.noProgramBody")} />;
  }
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-8">
      {figures.data ? (
        <Program figures={figures.data} />
      ) : (
        <>
          <h1 className="text-3xl font-bold">{t("progress.program")}</h1>
          {figures.isError ? (
            <Failure
              title={t("progress.programFailed")}
              error={figures.error}
              busy={figures.isFetching}
              onRetry={() => void figures.refetch()}
            />
          ) : (
            <Skeleton rows={4} />
          )}
        </>
      )}
    </div>
  );
}

function Program({ figures }: { figures: ProgramFigures }) {
  const { t } = useTranslation();
  return (
    <>
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold break-words" dir="auto" translate="no">
          {figures.name}
        </h1>
        <p className="text-lg text-quiet">{t("progress.learners", { count: figures.learners })}</p>
      </header>
      <Totals figures={figures} />
      {figures.total && <Weeks figures={figures} />}
      <Refresh figures={figures} />
    </>
  );
}

function Totals({ figures }: { figures: ProgramFigures }) {
  const { t, i18n } = useTranslation();
  const { total } = figures;
  if (!total) {
    return (
      <Message title={t("progress.allWithheld")} testId="all-withheld">
        {t("progress.whyWithheld", { count: figures.smallest_group })}
      </Message>
    );
  }
  const shown = (measure: Measure) => {
    const value = measured(measure, total);
    return value === null ? "–" : written(measure, value, i18n.language);
  };
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4" data-testid="program-figures">
      <Tile icon={Mic} name={t("progress.minutes")} value={shown("minutes")} />
      <Tile icon={MessagesSquare} name={t("progress.calls")} value={String(total.calls)} />
      <Tile icon={Gauge} name={t("progress.pace")} value={shown("pace")} />
      <Tile icon={Scale} name={t("progress.share")} value={shown("share")} />
    </dl>
  );
}

function Weeks({ figures }: { figures: ProgramFigures }) {
  const { t } = useTranslation();
  const withheld = figures.weeks.filter((week) => week.figures === null).length;
  return (
    <MeasuredWeeks
      weeksOf={(measure) =>
        figures.weeks.map(({ week, figures: told }) => ({
          week,
          value: told && measured(measure, told),
          withheld: told === null,
        }))
      }
    >
      {() =>
        withheld > 0 && (
          <p className="text-sm text-quiet" data-testid="withheld">
            {t("progress.someWithheld", { count: withheld })}{" "}
            {t("progress.whyWithheld", { count: figures.smallest_group })}
          </p>
        )
      }
    </MeasuredWeeks>
  );
}

function Refresh({ figures }: { figures: ProgramFigures }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const query = programFiguresQuery(figures.program_id);
  const refresh = useMutation({
    mutationFn: async () => {
      await askForRefresh(figures.program_id);
      await new Promise((resolve) => setTimeout(resolve, RECKONED_WITHIN_MS));
      await queries.invalidateQueries(query);
    },
  });
  return (
    <footer className="flex flex-wrap items-center gap-3 text-sm text-quiet">
      <p role="status">
        {refresh.isError
          ? t(errorKey(refresh.error))
          : figures.reckoned_at
            ? t("progress.reckoned", { moment: formatMoment(figures.reckoned_at, i18n.language) })
            : t("progress.neverReckoned")}
      </p>
      <Button
        look="secondary"
        busy={refresh.isPending}
        onClick={() => refresh.mutate()}
        data-testid="refresh"
      >
        {!refresh.isPending && <RefreshCw aria-hidden className="size-4" />}
        {t("progress.reckonNow")}
      </Button>
    </footer>
  );
}
