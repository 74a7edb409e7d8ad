import { useInfiniteQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { type MessageKey, useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { type Sighting, sightingsQuery } from "@/privacy/privacy-api";
import { Row } from "./listing";
import { Section } from "./section";

const ROLES: Record<string, MessageKey> = {
  instructor: "privacy.seen.role_instructor",
  admin: "privacy.seen.role_admin",
  operator: "privacy.seen.role_operator",
  learner: "privacy.seen.role_learner",
  system: "privacy.seen.role_system",
};
const ACTIONS: Record<string, MessageKey> = {
  "learner.seen": "privacy.seen.action_learner_seen",
  "call.read": "privacy.seen.action_call_read",
  "call.heard": "privacy.seen.action_call_heard",
  "call.listened_in": "privacy.seen.action_call_listened_in",
  "call.exported": "privacy.seen.action_call_exported",
  "exam.extra_time_granted": "privacy.seen.action_exam_extra_time_granted",
  "report.read": "privacy.seen.action_report_read",
  "result.exported": "privacy.seen.action_result_exported",
  "mark.given": "privacy.seen.action_mark_given",
  "consent.given": "privacy.seen.action_consent_given",
  "consent.withdrawn": "privacy.seen.action_consent_withdrawn",
  "account.changed": "privacy.seen.action_account_changed",
  "member.changed": "privacy.seen.action_member_changed",
  "member.removed": "privacy.seen.action_member_removed",
};

/** Who saw or heard what of the learner's, and who decided for them. */
export function SeenSection() {
  const { t } = useTranslation();
  const sightings = useInfiniteQuery(sightingsQuery);
  const items = sightings.data?.pages.flatMap((page) => page.items);
  return (
    <Section id="seen" title={t("privacy.seen.title")} lead={t("privacy.seen.lead")}>
      {items === undefined ? (
        sightings.isError ? (
          <Failure
            title={t("account.listFailed")}
            error={sightings.error}
            busy={sightings.isFetching}
            onRetry={() => void sightings.refetch()}
          />
        ) : (
          <Skeleton rows={1} />
        )
      ) : items.length === 0 ? (
        <p className="text-quiet">{t("privacy.seen.empty")}</p>
      ) : (
        <ul className="grid divide-y divide-line" data-testid="sightings">
          {items.map((sighting) => (
            <li key={sighting.id} className="py-3 first:pt-0 last:pb-0">
              <SightingRow sighting={sighting} />
            </li>
          ))}
        </ul>
      )}
      {sightings.hasNextPage && (
        <Button
          look="secondary"
          className="justify-self-start"
          busy={sightings.isFetchingNextPage}
          onClick={() => void sightings.fetchNextPage()}
        >
          {t("privacy.seen.more")}
        </Button>
      )}
    </Section>
  );
}

function SightingRow({ sighting }: { sighting: Sighting }) {
  const { t, i18n } = useTranslation();
  const role = ROLES[sighting.actor_role];
  const action = ACTIONS[sighting.action];
  const who =
    sighting.actor_name ||
    (sighting.actor_id === null ? t("privacy.seen.program") : t("privacy.seen.someone"));
  return (
    <Row
      icon={Eye}
      title={
        <span translate={sighting.actor_name ? "no" : undefined} className="[overflow-wrap:anywhere]">
          {who}
        </span>
      }
      badge={role && t(role)}
    >
      <span>{action ? t(action) : sighting.action}</span>
      <time dateTime={sighting.at}>{formatMoment(sighting.at, i18n.language)}</time>
      {sighting.organisation_name && <span translate="no">{sighting.organisation_name}</span>}
    </Row>
  );
}
