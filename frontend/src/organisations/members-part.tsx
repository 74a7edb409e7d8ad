import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { Done } from "@/account/outcome";
import { Section } from "@/account/section";
import { useEnding } from "@/account/use-ending";
import { buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Field } from "@/components/field";
import { More } from "@/components/more";
import { Select } from "@/components/select";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { EnrolDialog } from "./enrol-dialog";
import { MemberRow } from "./member-row";
import {
  MEMBERS,
  type Member,
  type MemberFilter,
  membersQuery,
  type Organisation,
  programsQuery,
  ROLES,
  type Role,
  schoolApi,
} from "./organisations-api";
import { useSettled } from "./use-settled";

const SECTION = "members";
const MAX_SEARCH = 100;

/** The people of a school: found, given roles and programs, taken out; and who still waits for consent. */
export function MembersPart({ school }: { school: Organisation }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const program = useRouterState({ select: (state) => state.location.hash });
  const [filter, setFilter] = useState<MemberFilter>({ search: "", role: "", program });
  const search = useSettled(filter.search.trim());
  const members = useInfiniteQuery(membersQuery({ ...filter, search }));
  const [enrolling, setEnrolling] = useState<string | null>(null);
  const removing = useEnding(SECTION, ["school"], (member: Member) => schoolApi.removeMember(member.id));
  const items = members.data?.pages.flatMap((page) => page.items) ?? [];
  const reload = () => queries.invalidateQueries({ queryKey: ["school"] });
  const enrolled = items.find((member) => member.id === enrolling);

  return (
    <Section id={SECTION} title={t("schools.members.title")} lead={t("schools.members.lead")}>
      <Filters filter={filter} onChange={setFilter} />
      {members.data === undefined ? (
        members.isError ? (
          <Failure
            title={t("schools.members.failed")}
            error={members.error}
            busy={members.isFetching}
            onRetry={() => void members.refetch()}
          />
        ) : (
          <Skeleton rows={3} />
        )
      ) : (
        <>
          <p role="status" className="text-quiet" data-testid="member-count">
            {t("schools.members.found", { count: members.data.pages[0]?.total ?? 0 })}
          </p>
          {items.length > 0 && (
            <ul className="grid divide-y divide-line" data-testid="members">
              {items.map((member) => (
                <li key={member.id} className="py-4 first:pt-0 last:pb-0">
                  <MemberRow
                    member={member}
                    own={member.id === me?.id}
                    onChanged={reload}
                    onEnrol={() => setEnrolling(member.id)}
                    onRemove={() => removing.ask(member)}
                  />
                </li>
              ))}
            </ul>
          )}
          {items.length <= 1 && school.learners === 0 && (
            <p className="flex flex-wrap items-center gap-3">
              <span>{t("schools.members.alone")}</span>
              <Link to="/school/$part" params={{ part: "invitations" }} className={buttonClass("secondary")}>
                {t("schools.members.invite")}
              </Link>
            </p>
          )}
          <More list={members} title={t("schools.members.failed")} />
        </>
      )}
      <Done>
        {removing.ended &&
          t("schools.members.removed", { name: removing.ended.display_name || removing.ended.email })}
      </Done>
      {enrolled && (
        <EnrolDialog
          member={enrolled}
          onChanged={() => queries.invalidateQueries({ queryKey: MEMBERS })}
          onClose={() => setEnrolling(null)}
        />
      )}
      {removing.asked && (
        <ConfirmDialog
          title={t("schools.members.removeTitle", {
            name: removing.asked.display_name || removing.asked.email,
          })}
          body={<p>{t("schools.members.removeBody")}</p>}
          action={t("schools.members.remove")}
          {...removing.dialog}
        />
      )}
    </Section>
  );
}

interface FiltersProps {
  filter: MemberFilter;
  onChange: (filter: MemberFilter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery).data ?? [];
  const anything = { value: "", label: t("schools.members.any") };
  return (
    <search className="grid gap-3 sm:grid-cols-[2fr_1fr_1fr]">
      <Field
        label={t("schools.members.search")}
        type="search"
        name="search"
        maxLength={MAX_SEARCH}
        value={filter.search}
        onChange={(event) => onChange({ ...filter, search: event.target.value })}
      />
      <Select
        label={t("schools.members.role")}
        name="role"
        value={filter.role}
        onChange={(event) => onChange({ ...filter, role: event.target.value as Role | "" })}
        options={[anything, ...ROLES.map((role) => ({ value: role, label: t(`schools.role_${role}`) }))]}
      />
      <Select
        label={t("schools.members.program")}
        name="program"
        value={filter.program}
        onChange={(event) => onChange({ ...filter, program: event.target.value })}
        options={[anything, ...programs.map(({ id, name }) => ({ value: id, label: name }))]}
      />
    </search>
  );
}
