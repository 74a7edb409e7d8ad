import { useQuery } from "@tanstack/react-query";
import { AccountPage, Section } from "@/account/section";
import { useMoments } from "@/account/since";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { type Health, healthQuery, type State, type Statistics, statisticsQuery } from "./administration-api";
import { Bars } from "./bars";
import { Figure, Loaded, StateMark } from "./parts";

/** How everything does, and how much it is used. */
export function OverviewPage() {
  const { t } = useTranslation();
  const operator = useQuery(meQuery).data?.operator ?? false;
  return (
    <AccountPage
      title={t("administration.overview.title")}
      lead={t(operator ? "administration.overview.lead" : "administration.overview.leadSchool")}
    >
      {operator && <HealthSection />}
      <UseSection operator={operator} />
    </AccountPage>
  );
}

function HealthSection() {
  const { t } = useTranslation();
  const health = useQuery(healthQuery);
  return (
    <Section id="health" title={t("administration.overview.health")}>
      <Loaded query={health}>{(data) => <HealthView health={data} />}</Loaded>
    </Section>
  );
}

function HealthView({ health }: { health: Health }) {
  const { t, i18n } = useTranslation();
  const moment = useMoments();
  const size = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const gigabytes = (bytes: number) => size.format(bytes / 1e9);
  return (
    <>
      <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3" data-testid="health">
        {Object.entries(health.dependencies).map(([name, check]) => (
          <Tile key={name} name={nameOf(t, name)} state={check.state}>
            {check.reason ? (
              <span translate="no">{check.reason}</span>
            ) : (
              t("administration.overview.ms", { ms: Math.round(check.ms) })
            )}
          </Tile>
        ))}
        <Tile name={t("administration.overview.disk")} state={health.disk.state}>
          {t("administration.overview.diskFree", {
            free: gigabytes(health.disk.free_bytes),
            total: gigabytes(health.disk.total_bytes),
          })}
        </Tile>
        <Tile name={t("administration.overview.mail")} state={health.mail.given_up > 0 ? "degraded" : "ok"}>
          {t(`administration.overview.mail_${health.mail.goes_to}`)}
          {" · "}
          {t("administration.overview.mailWaiting", { count: health.mail.waiting })}
          {health.mail.given_up > 0 &&
            ` · ${t("administration.overview.mailGivenUp", { count: health.mail.given_up })}`}
        </Tile>
        <Tile
          name={t("administration.overview.calls")}
          state={health.open_calls >= health.maximum_calls ? "degraded" : "ok"}
        >
          {t("administration.overview.callsOpen", { open: health.open_calls, most: health.maximum_calls })}
        </Tile>
      </ul>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {health.providers.map((provider) => (
          <Fact key={provider.part} name={nameOf(t, provider.part)}>
            {provider.model ? `${provider.name}, ${provider.model}` : provider.name}
          </Fact>
        ))}
        <Fact name={t("app.name")}>{health.versions.product}</Fact>
        <Fact name={t("administration.part_postgres")}>{health.versions.postgres}</Fact>
        <Fact name={t("administration.part_python")}>{health.versions.python}</Fact>
        <Fact name={t("administration.overview.started")}>{moment(health.started_at)}</Fact>
      </dl>
    </>
  );
}

const PARTS = ["postgres", "livekit", "stt", "llm", "tts", "embeddings", "grammar"] as const;

function nameOf(t: ReturnType<typeof useTranslation>["t"], part: string): string {
  const known = PARTS.find((one) => one === part);
  return known === undefined ? part : t(`administration.part_${known}`);
}

function Tile({ name, state, children }: { name: string; state: State; children: React.ReactNode }) {
  return (
    <li className="grid content-start gap-1 rounded-xl border border-line p-3">
      <span className="flex flex-wrap items-center justify-between gap-x-3">
        <span className="font-semibold">{name}</span>
        <StateMark state={state} />
      </span>
      <span className="text-sm wrap-anywhere text-quiet">{children}</span>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-quiet">{name}</dt>
      <dd className="font-semibold" translate="no">
        {children}
      </dd>
    </div>
  );
}

function UseSection({ operator }: { operator: boolean }) {
  const { t } = useTranslation();
  const statistics = useQuery(statisticsQuery);
  return (
    <Section
      id="use"
      title={t("administration.overview.use")}
      lead={operator ? undefined : t("administration.overview.useSchool")}
    >
      <Loaded query={statistics}>{(data) => <UseView statistics={data} />}</Loaded>
    </Section>
  );
}

function UseView({ statistics }: { statistics: Statistics }) {
  const { t, i18n } = useTranslation();
  const whole = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 });
  const calls = statistics.days.reduce((sum, day) => sum + day.calls, 0);
  const minutes = statistics.days.reduce((sum, day) => sum + day.minutes, 0);
  const callWords = (count: number) => t("administration.overview.callCount", { count });
  const minuteWords = (count: number) =>
    t("administration.overview.minuteCount", { count: Math.round(count) });
  const counts = statistics.organisations;
  return (
    <>
      <dl className="grid grid-cols-2 gap-2 sm:grid-cols-3" data-testid="figures">
        <Figure label={t("administration.overview.accounts")}>{whole.format(statistics.accounts)}</Figure>
        <Figure label={t("administration.overview.seen")}>
          {whole.format(statistics.seen_last_30_days)}
        </Figure>
        <Figure label={t("administration.overview.closed")}>
          {whole.format(statistics.accounts - statistics.active_accounts)}
        </Figure>
        {counts && (
          <>
            <Figure label={t("administration.overview.schools")}>{whole.format(counts.schools)}</Figure>
            <Figure label={t("administration.overview.suspended")}>{whole.format(counts.suspended)}</Figure>
          </>
        )}
        {statistics.open_calls !== null && (
          <Figure label={t("administration.overview.openCalls")}>
            {whole.format(statistics.open_calls)}
          </Figure>
        )}
      </dl>
      <div className="grid gap-6 md:grid-cols-2">
        <Bars
          title={t("administration.overview.callsADay")}
          total={callWords(calls)}
          bars={statistics.days.map((day) => ({ day: day.day, value: day.calls }))}
          words={callWords}
        />
        <Bars
          title={t("administration.overview.minutesADay")}
          total={minuteWords(minutes)}
          bars={statistics.days.map((day) => ({ day: day.day, value: day.minutes }))}
          words={minuteWords}
        />
      </div>
      {statistics.stages.length > 0 && <Stages stages={statistics.stages} />}
    </>
  );
}

function Stages({ stages }: { stages: Statistics["stages"] }) {
  const { t } = useTranslation();
  return (
    <table className="w-full text-start" data-testid="stages">
      <caption className="pb-2 text-start font-semibold">{t("administration.overview.stages")}</caption>
      <thead className="text-sm text-quiet">
        <tr>
          <th className="pe-3 text-start font-normal">{t("administration.overview.stage")}</th>
          <th className="pe-3 text-end font-normal">{t("administration.overview.median")}</th>
          <th className="text-end font-normal">{t("administration.overview.p95")}</th>
        </tr>
      </thead>
      <tbody>
        {stages.map((stage) => (
          <tr key={stage.stage} className="border-t border-line">
            <th scope="row" translate="no" className="py-1.5 pe-3 text-start font-normal wrap-anywhere">
              {stage.stage}
            </th>
            <td className="pe-3 text-end tabular-nums">
              {t("administration.overview.ms", { ms: stage.median_ms })}
            </td>
            <td className="text-end tabular-nums">{t("administration.overview.ms", { ms: stage.p95_ms })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
