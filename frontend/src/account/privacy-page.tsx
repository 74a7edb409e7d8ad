import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { ConsentSection } from "./consent-section";
import { DeleteSection } from "./delete-section";
import { DeletedSection } from "./deleted-section";
import { ExportSection } from "./export-section";
import { ListeningSection } from "./listening-section";
import { RecordingSection } from "./recording-section";
import { RetentionSection } from "./retention-section";
import { AccountPage, Section } from "./section";
import { SeenSection } from "./seen-section";

const KEPT = ["account", "words", "recordings", "preferences", "devices", "copies"] as const;
const NOT_KEPT = ["voice", "feelings", "place", "passwords"] as const;

/** What is kept of the learner and why, what is not, and the way to have it all erased. */
export function PrivacyPage() {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  return (
    <AccountPage title={t("account.privacy.title")} lead={t("account.privacy.lead")}>
      <Section id="ai" title={t("account.privacy.aiTitle")}>
        <p className="max-w-prose">{t("account.privacy.aiBody")}</p>
        <p className="max-w-prose">{t("account.privacy.aiWrong")}</p>
      </Section>
      {me && <ConsentSection me={me} />}
      <RecordingSection />
      <ListeningSection />
      <Section id="kept" title={t("account.privacy.keptTitle")} lead={t("account.privacy.keptLead")}>
        <dl className="grid gap-4 sm:grid-cols-2">
          {KEPT.map((name) => (
            <div key={name} className="grid content-start gap-1 border-s-4 border-coach-soft ps-4">
              <dt className="font-semibold">{t(`account.privacy.kept_${name}`)}</dt>
              <dd>{t(`account.privacy.keptWhat_${name}`)}</dd>
              <dd className="text-quiet">{t(`account.privacy.keptWhy_${name}`)}</dd>
            </div>
          ))}
        </dl>
        <p className="max-w-prose">{t("account.privacy.readers")}</p>
        <div className="flex flex-wrap gap-x-6 font-semibold text-primary underline">
          <Link to="/history" className="flex min-h-11 items-center">
            {t("account.privacy.toHistory")}
          </Link>
          <Link to="/privacy" className="flex min-h-11 items-center">
            {t("privacy.notice.title")}
          </Link>
        </div>
      </Section>
      <Section id="not-kept" title={t("account.privacy.notKeptTitle")}>
        <ul className="grid gap-2.5">
          {NOT_KEPT.map((name) => (
            <li key={name} className="max-w-prose border-s-4 border-coach-soft ps-4">
              {t(`account.privacy.notKept_${name}`)}
            </li>
          ))}
        </ul>
      </Section>
      <RetentionSection />
      <SeenSection />
      <ExportSection />
      <DeletedSection />
      {me && <DeleteSection me={me} />}
    </AccountPage>
  );
}
