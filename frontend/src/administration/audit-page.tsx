import { useInfiniteQuery } from "@tanstack/react-query";
import { AccountPage, Section } from "@/account/section";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { type AuditEvent, auditQuery } from "./administration-api";
import { Badge, Pages } from "./parts";

/** Who did, saw or heard what, newest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const events = useInfiniteQuery(auditQuery);
  return (
    <AccountPage title={t("administration.audit.title")} lead={t("administration.audit.lead")}>
      <Section id="events" title={t("administration.audit.list")}>
        <Pages query={events} testId="events" empty={t("administration.audit.empty")}>
          {(event) => <EventRow event={event} />}
        </Pages>
      </Section>
    </AccountPage>
  );
}

function EventRow({ event }: { event: AuditEvent }) {
  const { t, i18n } = useTranslation();
  const actor =
    event.actor_name ?? (event.actor_id ? t("administration.audit.gone") : t("administration.audit.system"));
  const details = Object.entries(event.details);
  return (
    <div className="grid gap-1">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{t(actionKey(event.action))}</span>
        <Badge>{t(roleKey(event.actor_role))}</Badge>
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-quiet">
        <span translate={event.actor_name ? "no" : undefined} className="wrap-anywhere">
          {actor}
        </span>
        {event.learner_name && (
          <span className="wrap-anywhere">
            {t("administration.audit.about", { name: event.learner_name })}
          </span>
        )}
        {event.organisation_name && (
          <span translate="no" className="wrap-anywhere">
            {event.organisation_name}
          </span>
        )}
        <time dateTime={event.at}>{formatMoment(event.at, i18n.language)}</time>
      </p>
      {details.length > 0 && (
        <dl className="flex flex-wrap gap-x-3 text-sm" translate="no">
          {details.map(([name, value]) => (
            <div key={name} className="flex gap-1">
              <dt className="text-quiet">{name}</dt>
              <dd className="wrap-anywhere">{String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const ROLES = ["learner", "instructor", "admin", "operator", "system"] as const;

function roleKey(role: string) {
  return `administration.role_${ROLES.find((known) => known === role) ?? "system"}` as const;
}

function actionKey(action: AuditEvent["action"]) {
  const [kind, what] = action.split(".");
  return `administration.audit.action_${kind}_${what}` as ActionKey;
}

/** The wire name with its dot replaced, for dots part keys. */
type ActionKey = AuditEvent["action"] extends infer Action
  ? Action extends `${infer Kind}.${infer What}`
    ? `administration.audit.action_${Kind}_${What}`
    : never
  : never;
