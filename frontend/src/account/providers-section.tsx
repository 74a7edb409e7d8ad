import { useQuery } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { PublicConfig, User } from "@/lib/api";
import { configQuery } from "@/lib/queries";
import { accountApi, type ProviderAccount, providerAccountsQuery } from "./account-api";
import { ConfirmDialog } from "./confirm-dialog";
import { Listing, Row } from "./listing";
import { Done } from "./outcome";
import { Section } from "./section";
import { useMoments } from "./since";
import { useEnding } from "./use-ending";

const SECTION = "providers";
const TITLES: Record<ProviderAccount["provider"], string> = {
  google: "Google",
  microsoft: "Microsoft",
  facebook: "Facebook",
  openid: "OpenID",
};

type Provider = PublicConfig["sign_in_providers"][number];

/** Google and others that open the account. Nothing is shown where none is set up and none is linked. */
export function ProvidersSection({ me }: { me: User }) {
  const { t } = useTranslation();
  const offered = useQuery(configQuery).data?.sign_in_providers ?? [];
  const linked = useQuery(providerAccountsQuery);
  const titleOf = (name: ProviderAccount["provider"]) =>
    offered.find((provider) => provider.name === name)?.title ?? TITLES[name];
  const ending = useEnding(SECTION, providerAccountsQuery.queryKey, (account: ProviderAccount) =>
    accountApi.unlink(account.id),
  );
  if (offered.length === 0 && (linked.data ?? []).length === 0) return null;
  const others = offered.filter(({ name }) => !linked.data?.some((account) => account.provider === name));
  return (
    <Section id={SECTION} title={t("account.providers.title")} lead={t("account.providers.lead")}>
      <Listing query={linked} empty={t("account.providers.empty")} testId="providers">
        {(account) => (
          <LinkedRow
            account={account}
            title={titleOf(account.provider)}
            onUnlink={() => ending.ask(account)}
          />
        )}
      </Listing>
      <Done>
        {ending.ended && t("account.providers.unlinked", { provider: titleOf(ending.ended.provider) })}
      </Done>
      {linked.data && others.length > 0 && <LinkOthers me={me} others={others} />}
      {ending.asked && (
        <ConfirmDialog
          title={t("account.providers.unlinkTitle", { provider: titleOf(ending.asked.provider) })}
          body={<p>{t("account.providers.unlinkBody", { address: me.email })}</p>}
          action={t("account.providers.unlink")}
          {...ending.dialog}
        />
      )}
    </Section>
  );
}

interface LinkedRowProps {
  account: ProviderAccount;
  title: string;
  onUnlink: () => void;
}

function LinkedRow({ account, title, onUnlink }: LinkedRowProps) {
  const { t } = useTranslation();
  const moment = useMoments();
  return (
    <Row
      icon={Link2}
      title={<span translate="no">{title}</span>}
      action={
        <Button
          look="secondary"
          aria-label={t("account.providers.unlinkNamed", { provider: title })}
          onClick={onUnlink}
        >
          {t("account.providers.unlink")}
        </Button>
      }
    >
      <span translate="no" className="break-all">
        {account.email}
      </span>
      <span>{t("account.used", { when: moment(account.last_used_at) })}</span>
    </Row>
  );
}

/** A provider's account joins this one when both have the same address and it is confirmed here. */
function LinkOthers({ me, others }: { me: User; others: readonly Provider[] }) {
  const { t } = useTranslation();
  if (!me.email_verified) return <p className="text-quiet">{t("account.providers.confirmFirst")}</p>;
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      <p className="max-w-prose text-quiet">{t("account.providers.linkLead", { address: me.email })}</p>
      <div className="flex flex-wrap gap-2">
        {others.map(({ name, title }) => (
          <a
            key={name}
            href={`/api/v1/auth/oauth/${name}/start?next=${encodeURIComponent("/account/security")}`}
            className={buttonClass("secondary")}
          >
            {t("account.providers.link", { provider: title })}
          </a>
        ))}
      </div>
    </div>
  );
}
