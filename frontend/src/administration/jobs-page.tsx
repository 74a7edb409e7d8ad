import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleX } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Row } from "@/account/listing";
import { Done, Refusal } from "@/account/outcome";
import { AccountPage, focusSection, Section } from "@/account/section";
import { useMoments } from "@/account/since";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { administrationApi, type DeadLetter, deadQuery, type Jobs, jobsQuery } from "./administration-api";
import { Loaded, Pages } from "./parts";

const STATES = ["queued", "retrying", "running", "done", "dead"] as const;

/** The queue: what waits, what runs, and what failed for good. */
export function JobsPage() {
  const { t } = useTranslation();
  const jobs = useQuery(jobsQuery);
  return (
    <AccountPage title={t("administration.jobs.title")} lead={t("administration.jobs.lead")}>
      <Section id="queue" title={t("administration.jobs.queue")}>
        <Loaded query={jobs}>{(data) => <Queue jobs={data} />}</Loaded>
      </Section>
      <DeadSection />
    </AccountPage>
  );
}

function Queue({ jobs }: { jobs: Jobs }) {
  const { t } = useTranslation();
  const names = [...new Set(jobs.states.map((state) => state.job))];
  const count = (job: string, state: string) =>
    jobs.states.find((one) => one.job === job && one.state === state)?.count ?? 0;
  if (names.length === 0) return <p className="text-quiet">{t("administration.jobs.idle")}</p>;
  return (
    <ul className="grid divide-y divide-line" data-testid="queue">
      {names.map((job) => (
        <li key={job} className="grid gap-1 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_auto]">
          <span translate="no" className="font-semibold wrap-anywhere">
            {job}
          </span>
          <dl className="flex flex-wrap gap-x-4">
            {STATES.filter((state) => count(job, state) > 0).map((state) => (
              <div key={state} className={`flex gap-1.5 ${state === "dead" ? "text-danger" : ""}`}>
                <dt className={state === "dead" ? "" : "text-quiet"}>
                  {t(`administration.jobs.state_${state}`)}
                </dt>
                <dd className="font-semibold tabular-nums">{count(job, state)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function DeadSection() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const dead = useInfiniteQuery(deadQuery);
  const [discarded, setDiscarded] = useState<DeadLetter | null>(null);
  const settle = async () => {
    setDiscarded(null);
    await Promise.all([
      queries.invalidateQueries({ queryKey: deadQuery.queryKey }),
      queries.invalidateQueries({ queryKey: jobsQuery.queryKey }),
    ]);
    focusSection("dead");
  };
  const retry = useChange((letter: DeadLetter) => administrationApi.retryJob(letter.id), settle);
  const discard = useChange((letter: DeadLetter) => administrationApi.discardJob(letter.id), settle);
  return (
    <Section id="dead" title={t("administration.jobs.dead")} lead={t("administration.jobs.deadLead")}>
      <Done>
        {retry.isSuccess
          ? t("administration.jobs.retried", { job: retry.variables.job })
          : discard.isSuccess && t("administration.jobs.discarded", { job: discard.variables.job })}
      </Done>
      <Refusal error={retry.error} />
      <Pages query={dead} testId="dead" empty={t("administration.jobs.noneDead")}>
        {(letter) => (
          <DeadRow
            letter={letter}
            busy={retry.isPending}
            onRetry={() => {
              discard.reset();
              retry.mutate(letter);
            }}
            onDiscard={() => {
              retry.reset();
              discard.reset();
              setDiscarded(letter);
            }}
          />
        )}
      </Pages>
      {discarded && (
        <ConfirmDialog
          title={t("administration.jobs.askDiscard", { job: discarded.job })}
          body={<p>{t("administration.jobs.askDiscardBody")}</p>}
          action={t("administration.jobs.discard")}
          busy={discard.isPending}
          error={discard.error}
          onConfirm={() => discard.mutate(discarded)}
          onClose={() => setDiscarded(null)}
        />
      )}
    </Section>
  );
}

interface DeadRowProps {
  letter: DeadLetter;
  busy: boolean;
  onRetry: () => void;
  onDiscard: () => void;
}

function DeadRow({ letter, busy, onRetry, onDiscard }: DeadRowProps) {
  const { t } = useTranslation();
  const moment = useMoments();
  return (
    <Row
      icon={CircleX}
      title={<span translate="no">{letter.job}</span>}
      action={
        <div className="flex flex-wrap gap-2">
          {letter.retriable && (
            <Button look="secondary" busy={busy} onClick={onRetry}>
              {t("administration.jobs.retry")}
            </Button>
          )}
          <Button look="secondary" onClick={onDiscard}>
            {t("administration.jobs.discard")}
          </Button>
        </div>
      }
    >
      <span translate="no">{letter.error}</span>
      <span>{t("administration.jobs.attempts", { count: letter.attempts })}</span>
      <time dateTime={letter.created_at}>{moment(letter.created_at)}</time>
      {letter.correlation_id && (
        <span className="wrap-anywhere">{t("common.reference", { id: letter.correlation_id })}</span>
      )}
      {!letter.retriable && <span>{t("administration.jobs.notRetriable")}</span>}
    </Row>
  );
}
