import { CircleCheck, Hourglass, TriangleAlert } from "lucide-react";
import { Refusal } from "@/account/outcome";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { type Member, ROLES, type Role, schoolApi } from "./organisations-api";

interface MemberRowProps {
  member: Member;
  /** It is the reader's own row. */
  own: boolean;
  onChanged: () => Promise<unknown>;
  onEnrol: () => void;
  onRemove: () => void;
}

/** One person of a school, and what can be done for them. */
export function MemberRow({ member, own, onChanged, onEnrol, onRemove }: MemberRowProps) {
  const { t } = useTranslation();
  const name = member.display_name || member.email;
  const role = useChange((wanted: Role) => schoolApi.setRole(member.id, wanted), onChanged);
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="grid min-w-0 grow basis-60 gap-0.5">
          <p className="flex flex-wrap items-center gap-2 font-semibold wrap-anywhere">
            <span translate="no" dir="auto">
              {name}
            </span>
            {own && (
              <span className="rounded-full border border-line px-2.5 text-sm">
                {t("schools.members.you")}
              </span>
            )}
          </p>
          {member.display_name && (
            <p translate="no" className="text-sm break-all text-quiet">
              {member.email}
            </p>
          )}
          {member.programs.length > 0 && (
            <ul className="flex flex-wrap gap-1.5 pt-1" aria-label={t("schools.members.programs")}>
              {member.programs.map((program) => (
                <li key={program.id} className="rounded-full bg-sunken px-2.5 text-sm wrap-anywhere">
                  <span translate="no">{program.name}</span>
                  {program.role === "instructor" && ` · ${t("schools.teaches")}`}
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Select
            quiet
            label={t("schools.members.roleOf", { name })}
            value={role.isPending ? role.variables : member.role}
            disabled={role.isPending}
            onChange={(event) => role.mutate(event.target.value as Role)}
            options={ROLES.map((value) => ({ value, label: t(`schools.role_${value}`) }))}
          />
          <Button look="secondary" aria-label={t("schools.members.enrolNamed", { name })} onClick={onEnrol}>
            {t("schools.members.programs")}
          </Button>
          {!own && (
            <Button look="quiet" aria-label={t("schools.members.removeNamed", { name })} onClick={onRemove}>
              {t("schools.members.remove")}
            </Button>
          )}
        </div>
      </div>
      <Refusal error={role.error} />
      {member.consent !== "not_needed" && <Consent member={member} name={name} onChanged={onChanged} />}
    </div>
  );
}

interface ConsentProps {
  member: Member;
  name: string;
  onChanged: () => Promise<unknown>;
}

/** An under-age learner: whether an adult has agreed, and the school's own word. */
function Consent({ member, name, onChanged }: ConsentProps) {
  const { t } = useTranslation();
  const give = useChange(() => schoolApi.giveConsent(member.id), onChanged);
  if (member.consent === "granted") {
    return (
      <p className="flex items-center gap-2 text-sm text-coach" data-testid="consent-granted">
        <CircleCheck aria-hidden className="size-4 shrink-0" />
        {t("schools.members.consentGranted")}
      </p>
    );
  }
  const Icon = member.consent === "asked" ? Hourglass : TriangleAlert;
  return (
    <div className="grid gap-2 rounded-xl bg-learner-soft p-3" data-testid="consent-missing">
      <p className="flex gap-2 text-sm">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-learner" />
        {t(member.consent === "asked" ? "schools.members.consentAsked" : "schools.members.consentNeeded")}
      </p>
      <Refusal error={give.error} />
      <Button
        look="secondary"
        className="justify-self-start"
        busy={give.isPending}
        aria-label={t("schools.members.consentGiveNamed", { name })}
        onClick={() => give.mutate()}
      >
        {t("schools.members.consentGive")}
      </Button>
    </div>
  );
}
