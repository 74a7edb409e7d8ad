import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { type ApiKey, accountApi, keysQuery } from "./account-api";
import { ConfirmDialog } from "./confirm-dialog";
import { Listing, Row } from "./listing";
import { NewKeyForm, NewSecret } from "./new-key";
import { Done } from "./outcome";
import { focusSection, Section } from "./section";
import { useMoments } from "./since";
import { useEnding } from "./use-ending";

const SECTION = "keys";

type Making = { step: "none" } | { step: "form" } | { step: "secret"; name: string; secret: string };

/** Keys for programs: those there are, a new one, and the end of one. */
export function KeysSection() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const keys = useQuery(keysQuery);
  const [making, setMaking] = useState<Making>({ step: "none" });
  const reload = () => queries.invalidateQueries({ queryKey: keysQuery.queryKey });
  const ending = useEnding(SECTION, keysQuery.queryKey, (key: ApiKey) => accountApi.revokeKey(key.id));
  const close = () => {
    setMaking({ step: "none" });
    focusSection(SECTION);
  };
  return (
    <Section id={SECTION} title={t("account.keys.title")} lead={t("account.keys.lead")}>
      {making.step === "secret" && <NewSecret name={making.name} secret={making.secret} onClose={close} />}
      <Listing query={keys} empty={t("account.keys.empty")} testId="keys">
        {(key) => <KeyRow apiKey={key} onRevoke={() => ending.ask(key)} />}
      </Listing>
      <Done>{ending.ended && t("account.keys.revoked", { name: ending.ended.name })}</Done>
      {making.step === "form" ? (
        <NewKeyForm
          onClose={close}
          onMade={({ name, key }) => {
            setMaking({ step: "secret", name, secret: key });
            void reload();
          }}
        />
      ) : (
        <Button
          look={making.step === "secret" ? "secondary" : "primary"}
          className="justify-self-start"
          onClick={() => setMaking({ step: "form" })}
        >
          <Plus aria-hidden className="size-4" />
          {t("account.keys.make")}
        </Button>
      )}
      {ending.asked && (
        <ConfirmDialog
          title={t("account.keys.revokeTitle", { name: ending.asked.name })}
          body={<p>{t("account.keys.revokeBody")}</p>}
          action={t("account.keys.revoke")}
          {...ending.dialog}
        />
      )}
    </Section>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation();
  const moment = useMoments();
  const over = Date.parse(apiKey.expires_at) <= Date.now();
  const reads = apiKey.scopes.includes("read");
  const writes = apiKey.scopes.includes("write");
  const may =
    reads && writes ? "account.keys.mayBoth" : writes ? "account.keys.mayWrite" : "account.keys.mayRead";
  return (
    <Row
      icon={KeyRound}
      title={
        <>
          <span translate="no">{apiKey.name}</span>
          <code translate="no" className="text-sm font-normal text-quiet">
            {apiKey.hint}…
          </code>
        </>
      }
      badge={over ? t("account.keys.over") : undefined}
      action={
        <Button
          look="secondary"
          aria-label={t("account.keys.revokeNamed", { name: apiKey.name })}
          onClick={onRevoke}
        >
          {t("account.keys.revoke")}
        </Button>
      }
    >
      <span>{t(may)}</span>
      <span>
        {apiKey.last_used_at
          ? t("account.used", { when: moment(apiKey.last_used_at) })
          : t("account.keys.unused")}
      </span>
      <span>{t(over ? "account.ended" : "account.ends", { when: moment(apiKey.expires_at) })}</span>
    </Row>
  );
}
