import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done, Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { administrationApi, type Person, type Place, type Role } from "./administration-api";

interface PersonActionsProps {
  person: Person;
  operator: boolean;
  onChanged: () => Promise<unknown>;
}

type Action = "signOut" | "deactivate" | "reactivate";

/** What can be done for a person, or to their account; each is asked about first. */
export function PersonActions({ person, operator, onChanged }: PersonActionsProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Action | null>(null);
  const act = useChange(
    (action: Action) => administrationApi[action](person.id),
    async () => {
      setAsked(null);
      await onChanged();
    },
  );
  const mail = useChange(() => administrationApi.sendVerification(person.id));
  const name = person.display_name || person.email;
  const ask = (action: Action) => {
    act.reset();
    setAsked(action);
  };
  return (
    <div className="grid gap-4 rounded-xl bg-sunken p-3 sm:p-4" data-testid="person">
      <ul className="grid gap-3">
        {person.places.map((place) => (
          <li key={place.organisation_id}>
            <RoleChoice person={person} place={place} onChanged={onChanged} />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="secondary" onClick={() => ask("signOut")}>
          {t("administration.people.signOut")}
        </Button>
        {!person.email_verified && (
          <Button look="secondary" busy={mail.isPending} onClick={() => mail.mutate()}>
            {t("administration.people.verification")}
          </Button>
        )}
        {operator && (
          <Button look="secondary" onClick={() => ask(person.is_active ? "deactivate" : "reactivate")}>
            {t(person.is_active ? "administration.people.deactivate" : "administration.people.reactivate")}
          </Button>
        )}
      </div>
      <Done>
        {act.isSuccess
          ? t(`administration.people.done_${act.variables}`)
          : mail.isSuccess && t("administration.people.verificationSent", { address: person.email })}
      </Done>
      <Refusal error={mail.error} />
      {operator && !person.is_operator && <Erasing person={person} onChanged={onChanged} />}
      {asked && (
        <ConfirmDialog
          title={t(`administration.people.ask_${asked}`, { name })}
          body={<p>{t(`administration.people.askBody_${asked}`)}</p>}
          action={t(`administration.people.${asked}`)}
          danger={asked === "deactivate"}
          busy={act.isPending}
          error={act.error}
          onConfirm={() => act.mutate(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

interface ErasingProps {
  person: Person;
  onChanged: () => Promise<unknown>;
}

/** At a person's own wish, when they cannot do it themselves. The address is typed, so that it is no slip. */
function Erasing({ person, onChanged }: ErasingProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [address, setAddress] = useState("");
  const erase = useChange(() => administrationApi.erase(person.id, address.trim()), onChanged);
  return (
    <>
      <button
        type="button"
        onClick={() => {
          erase.reset();
          setAddress("");
          setAsking(true);
        }}
        className="min-h-11 justify-self-start text-start font-semibold text-danger underline"
      >
        {t("administration.people.erase")}
      </button>
      {asking && (
        <ConfirmDialog
          title={t("administration.people.ask_erase", { name: person.display_name || person.email })}
          body={<p>{t("administration.people.askBody_erase")}</p>}
          action={t("administration.people.erase")}
          busy={erase.isPending}
          error={erase.error}
          onConfirm={() => erase.mutate()}
          onClose={() => setAsking(false)}
        >
          <Field
            label={t("administration.people.eraseAddress")}
            value={address}
            name="address"
            type="email"
            autoComplete="off"
            maxLength={320}
            onChange={(event) => setAddress(event.target.value)}
          />
        </ConfirmDialog>
      )}
    </>
  );
}

const ROLES: readonly Role[] = ["learner", "instructor", "admin"];

interface RoleChoiceProps {
  person: Person;
  place: Place;
  onChanged: () => Promise<unknown>;
}

/** A person's role in one organisation. In a personal one it means nothing, and is not offered. */
function RoleChoice({ person, place, onChanged }: RoleChoiceProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<Role | null>(null);
  const change = useChange(
    (role: Role) => administrationApi.setRole(person.id, role, place.organisation_id),
    async () => {
      setWanted(null);
      await onChanged();
    },
  );
  if (place.kind === "personal")
    return <p className="text-quiet">{t("administration.people.personalPlace")}</p>;
  const close = () => {
    change.reset();
    setWanted(null);
  };
  return (
    <div className="grid gap-1.5">
      <label className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 font-semibold wrap-anywhere">
          {t("administration.people.roleIn", { organisation: place.organisation_name })}
        </span>
        <select
          value={place.role}
          data-testid="role"
          onChange={(event) => setWanted(ROLES.find((role) => role === event.target.value) ?? null)}
          className="min-h-11 rounded-xl border border-line bg-surface px-3 hover:border-primary"
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`administration.role_${role}`)}
            </option>
          ))}
        </select>
      </label>
      <Done>{change.isSuccess && t("administration.people.roleSet")}</Done>
      {wanted && wanted !== place.role && (
        <ConfirmDialog
          title={t("administration.people.askRole", {
            name: person.display_name || person.email,
            role: t(`administration.role_${wanted}`),
          })}
          body={<p>{t(`administration.people.roleMeans_${wanted}`)}</p>}
          action={t("administration.people.setRole")}
          danger={false}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(wanted)}
          onClose={close}
        />
      )}
    </div>
  );
}
