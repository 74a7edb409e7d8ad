import { type FormEvent, useEffect, useRef, useState } from "react";
import { focusFirstInvalid } from "@/auth/focus";
import { Button } from "@/components/button";
import { CopyButton } from "@/components/copy-button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { accountApi, type Scope } from "./account-api";
import { CheckCards } from "./choices";
import { Refusal } from "./outcome";
import { useChange } from "./use-change";

const SCOPES = ["read", "write"] as const;
const DAYS = [7, 30, 90, 180, 365] as const;
const USUAL_DAYS = 90;
const MAX_NAME = 80;

type NewKey = Awaited<ReturnType<typeof accountApi.makeKey>>;

interface NewKeyFormProps {
  onMade: (key: NewKey) => void;
  onClose: () => void;
}

/** A name to know it by, what it may do, and how long it lasts. */
export function NewKeyForm({ onMade, onClose }: NewKeyFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [days, setDays] = useState<number>(USUAL_DAYS);
  const [checked, setChecked] = useState(false);
  const make = useChange(accountApi.makeKey, onMade);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (!name.trim() || scopes.length === 0) return focusFirstInvalid(event.currentTarget);
    if (!make.isPending) make.mutate({ name: name.trim(), scopes, expires_in_days: days });
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-5 border-t border-line pt-4" data-testid="new-key">
      <h3 className="text-lg font-semibold">{t("account.keys.newTitle")}</h3>
      <Field
        label={t("account.keys.name")}
        hint={t("account.keys.nameHint")}
        autoComplete="off"
        maxLength={MAX_NAME}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={checked && !name.trim() ? t("account.keys.nameRequired") : undefined}
      />
      <CheckCards
        label={t("account.keys.scopes")}
        testId="scopes"
        columns={2}
        values={scopes}
        options={SCOPES.map((scope) => ({
          value: scope,
          label: t(`account.keys.scope_${scope}`),
          hint: t(`account.keys.scopeHint_${scope}`),
        }))}
        onChange={setScopes}
        error={checked && scopes.length === 0 ? t("account.keys.scopeRequired") : undefined}
      />
      <label className="grid max-w-xs gap-1.5">
        <span className="font-semibold">{t("account.keys.lasts")}</span>
        <select
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
          className="min-h-12 w-full rounded-xl border border-line bg-surface px-3 hover:border-primary"
        >
          {DAYS.map((count) => (
            <option key={count} value={count}>
              {t("account.keys.days", { count })}
            </option>
          ))}
        </select>
      </label>
      <Refusal error={make.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={make.isPending}>
          {t("account.keys.make")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("account.cancel")}
        </Button>
      </div>
    </form>
  );
}

interface NewSecretProps {
  name: string;
  secret: string;
  onClose: () => void;
}

/** The secret, this once. */
export function NewSecret({ name, secret, onClose }: NewSecretProps) {
  const { t } = useTranslation();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div className="grid gap-3 rounded-card bg-learner-soft p-4" data-testid="new-secret">
      <h3 ref={head} tabIndex={-1} className="text-lg font-semibold outline-none">
        {t("account.keys.secretTitle", { name })}
      </h3>
      <p>{t("account.keys.secretBody")}</p>
      <code
        translate="no"
        data-testid="secret"
        className="rounded-xl border border-line bg-surface px-4 py-3 break-all select-all"
      >
        {secret}
      </code>
      <div className="flex flex-wrap items-center gap-2">
        <CopyButton text={secret} />
        <Button look="secondary" onClick={onClose}>
          {t("account.keys.secretKept")}
        </Button>
      </div>
    </div>
  );
}
