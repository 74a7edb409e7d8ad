import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { House, MailOpen, Plus, School } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Listing, Row } from "@/account/listing";
import { Done, Refusal } from "@/account/outcome";
import { AccountPage, focusSection, Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { useEnding } from "@/account/use-ending";
import { focusFirstInvalid } from "@/auth/focus";
import { Button, buttonClass } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { useTalkEngine } from "@/talk/provider";
import { keptInvitation } from "./kept-invitation";
import { mineQuery, type OwnOrganisation, schoolApi } from "./organisations-api";
import { useForgetOrganisation, useSwitch } from "./use-switch";

const SECTION = "schools";
const MAX_NAME = 120;
const MIN_NAME = 2;

/** The schools that somebody belongs to: which of them practice is for, the way in and out, and a new one. */
export function SchoolsPage() {
  const { t } = useTranslation();
  const mine = useQuery(mineQuery);
  const [making, setMaking] = useState(false);
  const chosen = useSwitch<OwnOrganisation>(() => focusSection(SECTION));
  const manage = useManage();
  const forget = useForgetOrganisation();
  const leaving = useEnding(SECTION, mineQuery.queryKey, async (one: OwnOrganisation) => {
    await schoolApi.leave(one.id);
    await forget();
  });
  return (
    <AccountPage title={t("schools.mine.title")} lead={t("schools.mine.lead")}>
      {keptInvitation() && <Waiting />}
      <Section id={SECTION} title={t("schools.mine.listTitle")} lead={t("schools.mine.listLead")}>
        <Listing query={mine} empty="" testId="schools">
          {(one) => (
            <OwnRow
              one={one}
              busy={chosen.isPending && chosen.variables.id === one.id}
              onSwitch={() => chosen.mutate(one)}
              onManage={() => manage.mutate(one)}
              onLeave={() => leaving.ask(one)}
            />
          )}
        </Listing>
        <Refusal error={chosen.error ?? manage.error} />
        <Done>
          {chosen.isSuccess &&
            t("schools.mine.switched", { name: nameOf(chosen.variables, t("schools.home")) })}
        </Done>
        <Done>{leaving.ended && t("schools.mine.left", { name: leaving.ended.name })}</Done>
        {making ? (
          <CreateForm onClose={() => setMaking(false)} />
        ) : (
          <Button look="secondary" className="justify-self-start" onClick={() => setMaking(true)}>
            <Plus aria-hidden className="size-4" />
            {t("schools.mine.make")}
          </Button>
        )}
      </Section>
      {leaving.asked && (
        <ConfirmDialog
          title={t("schools.mine.leaveTitle", { name: leaving.asked.name })}
          body={
            <>
              <p>{t("schools.mine.leaveBody")}</p>
              <p>{t("schools.mine.leaveKept")}</p>
            </>
          }
          action={t("schools.mine.leave")}
          {...leaving.dialog}
        />
      )}
    </AccountPage>
  );
}

function nameOf(one: OwnOrganisation, home: string): string {
  return one.kind === "personal" ? home : one.name;
}

/** To the pages of a school; one acts under it there. */
function useManage() {
  const navigate = useNavigate();
  return useSwitch<OwnOrganisation>(() => navigate({ to: "/school/$part", params: { part: "programs" } }));
}

interface OwnRowProps {
  one: OwnOrganisation;
  busy: boolean;
  onSwitch: () => void;
  onManage: () => void;
  onLeave: () => void;
}

function OwnRow({ one, busy, onSwitch, onManage, onLeave }: OwnRowProps) {
  const { t } = useTranslation();
  const home = one.kind === "personal";
  const name = nameOf(one, t("schools.home"));
  return (
    <Row
      icon={home ? House : School}
      title={home ? name : <span translate="no">{name}</span>}
      badge={one.current ? t("schools.mine.current") : undefined}
      action={
        <div className="flex flex-wrap gap-2" data-current={one.current}>
          {!one.current && (
            <Button
              look="secondary"
              busy={busy}
              aria-label={t("schools.mine.switchNamed", { name })}
              onClick={onSwitch}
            >
              {t("schools.mine.switch")}
            </Button>
          )}
          {!home && one.role === "admin" && (
            <Button look="secondary" aria-label={t("schools.mine.manageNamed", { name })} onClick={onManage}>
              {t("schools.mine.manage")}
            </Button>
          )}
          {!home && (
            <Button look="quiet" aria-label={t("schools.mine.leaveNamed", { name })} onClick={onLeave}>
              {t("schools.mine.leave")}
            </Button>
          )}
        </div>
      }
    >
      {home ? (
        <span>{t("schools.mine.homeHint")}</span>
      ) : (
        <>
          <span>{t(`schools.role_${one.role}`)}</span>
          {one.programs.map((program) => (
            <span key={program.id} translate="no">
              {program.name}
            </span>
          ))}
        </>
      )}
    </Row>
  );
}

/** An invitation that was opened here and not answered yet. */
function Waiting() {
  const { t } = useTranslation();
  return (
    <Message
      icon={MailOpen}
      testId="kept-invitation"
      title={t("schools.mine.invited")}
      actions={
        <Link to="/join" className={buttonClass("secondary")}>
          {t("schools.mine.toInvitation")}
        </Link>
      }
    >
      {t("schools.mine.invitedBody")}
    </Message>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const engine = useTalkEngine();
  const forget = useForgetOrganisation();
  const [name, setName] = useState("");
  const [checked, setChecked] = useState(false);
  const make = useChange(
    async (wanted: string) => {
      await engine.hangUp();
      return schoolApi.create(wanted);
    },
    async () => {
      await forget();
      await navigate({ to: "/school/$part", params: { part: "programs" } });
    },
  );
  const close = () => {
    onClose();
    focusSection(SECTION);
  };
  const wanted = name.trim();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (wanted.length < MIN_NAME) return focusFirstInvalid(event.currentTarget);
    if (!make.isPending) make.mutate(wanted);
  };
  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-4" data-testid="make-school">
      <Field
        label={t("schools.name")}
        hint={t("schools.mine.makeHint")}
        name="school"
        autoComplete="organization"
        autoFocus
        maxLength={MAX_NAME}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={checked && wanted.length < MIN_NAME ? t("schools.nameNeeded") : undefined}
      />
      <Refusal error={make.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={make.isPending}>
          {t("schools.mine.makeNow")}
        </Button>
        <Button look="quiet" onClick={close}>
          {t("account.cancel")}
        </Button>
      </div>
    </form>
  );
}
