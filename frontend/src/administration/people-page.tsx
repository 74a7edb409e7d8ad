import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { AccountPage, Section } from "@/account/section";
import { useMoments } from "@/account/since";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { type Person, peopleQuery } from "./administration-api";
import { Badge, Pages, SearchBox } from "./parts";
import { PersonActions } from "./person-actions";

/** Everybody, or the members of the administrator's school: found, and what can be done for them. */
export function PeoplePage() {
  const { t } = useTranslation();
  const operator = useQuery(meQuery).data?.operator ?? false;
  const [search, setSearch] = useState("");
  const people = useInfiniteQuery(peopleQuery(search));
  return (
    <AccountPage
      title={t("administration.people.title")}
      lead={t(operator ? "administration.people.lead" : "administration.people.leadSchool")}
    >
      <Section id="people" title={t("administration.people.list")}>
        <SearchBox
          label={t("administration.people.search")}
          hint={t("administration.people.searchHint")}
          onSearch={setSearch}
        />
        <Pages
          query={people}
          testId="people"
          empty={t(search ? "administration.people.nobody" : "administration.people.empty")}
        >
          {(person) => <PersonRow person={person} operator={operator} />}
        </Pages>
      </Section>
    </AccountPage>
  );
}

function PersonRow({ person, operator }: { person: Person; operator: boolean }) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const moment = useMoments();
  const name = person.display_name || person.email;
  return (
    <div className="grid gap-3">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="-mx-2 flex min-h-11 items-center gap-3 rounded-lg p-2 text-start hover:bg-sunken"
      >
        <span className="grid min-w-0 grow gap-0.5">
          <span className="flex flex-wrap items-center gap-x-2 font-semibold wrap-anywhere">
            <span translate="no">{name}</span>
            {person.is_operator && <Badge>{t("administration.people.operator")}</Badge>}
            {!person.is_active && <Badge warning>{t("administration.people.closed")}</Badge>}
            {!person.email_verified && <Badge warning>{t("administration.people.unverified")}</Badge>}
          </span>
          <span translate="no" className="text-sm wrap-anywhere text-quiet">
            {person.email}
          </span>
          <span className="text-sm text-quiet">
            {person.last_login_at
              ? t("administration.people.seen", { when: moment(person.last_login_at) })
              : t("administration.people.neverSeen")}
          </span>
        </span>
        <ChevronDown aria-hidden className={`size-5 shrink-0 ${open ? "rotate-180" : ""}`} />
      </button>
      <div id={id} hidden={!open}>
        {open && (
          <PersonActions
            person={person}
            operator={operator}
            onChanged={() => queries.invalidateQueries({ queryKey: ["administration", "people"] })}
          />
        )}
      </div>
    </div>
  );
}
