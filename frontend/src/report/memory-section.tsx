import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  BookOpen,
  Briefcase,
  CalendarDays,
  Flag,
  Heart,
  House,
  IdCard,
  type LucideIcon,
  Users,
} from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { focusSection, Section } from "@/account/section";
import { useMoments } from "@/account/since";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { type Fact, memoryQuery, reportApi } from "./report-api";

const SECTION = "memory";
const ICONS: Record<Fact["kind"], LucideIcon> = {
  name: IdCard,
  home: House,
  work: Briefcase,
  family: Users,
  hobby: Heart,
  goal: Flag,
  plan: CalendarDays,
};

/** What the coach remembers of the learner; each thing can be taken out of its memory, or all at once. */
export function MemorySection() {
  const { t } = useTranslation();
  const memory = useQuery(memoryQuery);
  return (
    <Section id={SECTION} title={t("report.memory.title")} lead={t("report.memory.lead")}>
      {memory.data ? (
        <Remembered facts={memory.data.items} summary={memory.data.summary} />
      ) : memory.isError ? (
        <Failure
          title={t("report.memory.failed")}
          error={memory.error}
          busy={memory.isFetching}
          onRetry={() => void memory.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
    </Section>
  );
}

function Remembered({ facts, summary }: { facts: Fact[]; summary: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const asked = async () => {
    await queries.invalidateQueries({ queryKey: memoryQuery.queryKey });
    focusSection(SECTION);
  };
  const forget = useChange((fact: Fact) => reportApi.forget(fact.id), asked);
  const empty = facts.length === 0 && summary === "";
  return (
    <>
      {empty && <p className="text-quiet">{t("report.memory.empty")}</p>}
      {facts.length > 0 && (
        <ul className="grid divide-y divide-line" data-testid="memory">
          {facts.map((fact) => (
            <li key={fact.id} className="py-3 first:pt-0 last:pb-0">
              <FactRow
                fact={fact}
                busy={forget.isPending && forget.variables.id === fact.id}
                onForget={() => forget.mutate(fact)}
              />
            </li>
          ))}
        </ul>
      )}
      {forget.isError && (
        <Failure
          title={t("report.memory.notForgotten")}
          error={forget.error}
          onRetry={() => forget.variables && forget.mutate(forget.variables)}
        />
      )}
      {summary !== "" && (
        <details className="rounded-xl border border-line px-4">
          <summary className="flex min-h-11 cursor-pointer items-center gap-2 font-semibold">
            <BookOpen aria-hidden className="size-5 text-coach" />
            {t("report.memory.summary")}
          </summary>
          <p dir="auto" lang="en" translate="no" className="pb-3 wrap-anywhere whitespace-pre-wrap">
            {summary}
          </p>
        </details>
      )}
      <Done>{forget.isSuccess && t("report.memory.forgotten")}</Done>
      {!empty && <ForgetAll onForgotten={asked} />}
    </>
  );
}

function FactRow({ fact, busy, onForget }: { fact: Fact; busy: boolean; onForget: () => void }) {
  const { t } = useTranslation();
  const moment = useMoments();
  const Icon = ICONS[fact.kind];
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Icon aria-hidden className="size-6 shrink-0 self-start text-coach sm:self-center" />
      <div className="grid min-w-0 grow basis-48 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-sm text-quiet">{t(`report.memory.kind_${fact.kind}`)}</span>
          <span lang="en" translate="no" dir="auto" className="font-semibold wrap-anywhere">
            {fact.text}
          </span>
        </p>
        <p className="text-sm text-quiet">
          {t("report.memory.said", { when: moment(fact.said_at) })}{" "}
          <q lang="en" translate="no" dir="auto" className="wrap-anywhere">
            {fact.quote}
          </q>
        </p>
      </div>
      <Button
        look="secondary"
        busy={busy}
        aria-label={t("report.memory.forgetNamed", { what: fact.text })}
        onClick={onForget}
        className="max-sm:ms-10"
      >
        {t("report.memory.forget")}
      </Button>
    </div>
  );
}

function ForgetAll({ onForgotten }: { onForgotten: () => Promise<void> }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const forget = useChange(reportApi.forgetAll, async () => {
    setAsking(false);
    await onForgotten();
  });
  return (
    <div className="border-t border-line pt-4">
      <Button
        look="secondary"
        data-testid="forget-all"
        onClick={() => {
          forget.reset();
          setAsking(true);
        }}
      >
        {t("report.memory.forgetAll")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t("report.memory.forgetAllTitle")}
          body={<p>{t("report.memory.forgetAllBody")}</p>}
          action={t("report.memory.forgetAll")}
          busy={forget.isPending}
          error={forget.error}
          onConfirm={() => forget.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
