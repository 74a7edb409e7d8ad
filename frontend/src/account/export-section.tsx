import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FileArchive } from "lucide-react";
import { Button } from "@/components/button";
import { ProgressBar } from "@/components/progress-bar";
import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { formatBytes, formatMoment } from "@/lib/format";
import { type Copy, copiesQuery, privacyApi } from "@/privacy/privacy-api";
import { Listing, Row } from "./listing";
import { Done, Refusal } from "./outcome";
import { focusSection, Section } from "./section";
import { useMoments } from "./since";
import { useChange } from "./use-change";

const SECTION = "copy";

/** A copy of everything: asked for, made while one waits or does something else, fetched for some days. */
export function ExportSection() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const copies = useQuery(copiesQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: copiesQuery.queryKey });
  const ask = useChange(privacyApi.askCopy, refresh);
  const making = copies.data?.find((copy) => copy.state === "making");
  const failed = copies.data?.[0]?.state === "failed";
  const ready = copies.data?.filter((copy) => copy.state === "ready");
  const underWay = ask.error instanceof ApiError && ask.error.code === "export_under_way";
  return (
    <Section id={SECTION} title={t("privacy.export.title")} lead={t("privacy.export.lead")}>
      {making ? <Making percent={making.progress} /> : null}
      {!making && failed && <p role="alert">{t("privacy.export.failed")}</p>}
      <Listing
        query={{ ...copies, data: ready } as typeof copies}
        empty={making ? "" : t("privacy.export.empty")}
        testId="copies"
      >
        {(copy) => <CopyRow copy={copy} onRemoved={refresh} />}
      </Listing>
      {underWay ? <p role="alert">{t("privacy.export.under_way")}</p> : <Refusal error={ask.error} />}
      {!making && copies.data && (
        <Button
          look="secondary"
          className="justify-self-start"
          busy={ask.isPending}
          onClick={() => ask.mutate()}
          data-testid="ask-copy"
        >
          {t(ready?.length ? "privacy.export.again" : "privacy.export.ask")}
        </Button>
      )}
    </Section>
  );
}

function Making({ percent }: { percent: number }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-2" data-testid="making">
      <p role="status">{t("privacy.export.making")}</p>
      <div className="flex items-center gap-3">
        <ProgressBar label={t("privacy.export.making")} value={percent} max={100} className="max-w-sm" />
        <span className="text-sm tabular-nums text-quiet">{t("privacy.export.progress", { percent })}</span>
      </div>
    </div>
  );
}

function CopyRow({ copy, onRemoved }: { copy: Copy; onRemoved: () => unknown }) {
  const { t, i18n } = useTranslation();
  const moment = useMoments();
  const when = formatMoment(copy.created_at, i18n.language);
  const fetchIt = useChange(async () => {
    const { url } = await privacyApi.linkCopy(copy.id);
    window.location.assign(url);
  });
  const remove = useChange(
    () => privacyApi.removeCopy(copy.id),
    async () => {
      await onRemoved();
      focusSection(SECTION);
    },
  );
  return (
    <div className="grid gap-2">
      <Row
        icon={FileArchive}
        title={t("privacy.export.ready", { when })}
        action={
          <div className="flex flex-wrap gap-2">
            <Button
              busy={fetchIt.isPending}
              aria-label={t("privacy.export.fetchNamed", { when })}
              onClick={() => fetchIt.mutate()}
              data-testid="fetch-copy"
            >
              {t("privacy.export.fetch")}
            </Button>
            <Button
              look="secondary"
              busy={remove.isPending}
              aria-label={t("privacy.export.removeNamed", { when })}
              onClick={() => remove.mutate()}
            >
              {t("privacy.export.remove")}
            </Button>
          </div>
        }
      >
        {copy.size_bytes !== null && (
          <span translate="no">{formatBytes(copy.size_bytes, i18n.language)}</span>
        )}
        {copy.expires_at && <span>{t("privacy.export.until", { when: moment(copy.expires_at) })}</span>}
      </Row>
      <Done>{fetchIt.isSuccess && t("privacy.export.fetching")}</Done>
      <Refusal error={fetchIt.error ?? remove.error} />
    </div>
  );
}
