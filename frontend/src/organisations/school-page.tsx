import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { BookOpen, type LucideIcon, MailPlus, Settings, Users } from "lucide-react";
import type { ComponentType } from "react";
import { buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { useTitle } from "@/lib/title";
import { InvitationsPart } from "./invitations-part";
import { MembersPart } from "./members-part";
import { type Organisation, organisationQuery } from "./organisations-api";
import { ProgramsPart } from "./programs-part";
import { SettingsPart } from "./settings-part";

const PARTS = ["programs", "members", "invitations", "settings"] as const;
type PartName = (typeof PARTS)[number];

const LOOKS: Record<PartName, { icon: LucideIcon; view: ComponentType<{ school: Organisation }> }> = {
  programs: { icon: BookOpen, view: ProgramsPart },
  members: { icon: Users, view: MembersPart },
  invitations: { icon: MailPlus, view: InvitationsPart },
  settings: { icon: Settings, view: SettingsPart },
};

/** A school as its administrators see it: programs, members, invitations, and the school itself. */
export function SchoolPage() {
  const { t } = useTranslation();
  const { part: wanted } = useParams({ from: "/data/frame/signed-in/school/$part" });
  const part = PARTS.find((name) => name === wanted) ?? "programs";
  const school = useQuery(organisationQuery);
  useTitle(school.data ? t("schools.titleOf", { name: school.data.name }) : t("schools.title"));

  if (school.data?.kind === "school") return <Parts school={school.data} part={part} />;
  const refused = school.error instanceof ApiError && school.error.status === 403;
  if (school.data || refused) return <NotYours />;
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-6 px-4 py-6 sm:py-10">
      <h1 className="text-3xl font-bold sm:text-4xl">{t("schools.title")}</h1>
      {school.isError ? (
        <Failure
          title={t("schools.failed")}
          error={school.error}
          busy={school.isFetching}
          onRetry={() => void school.refetch()}
        />
      ) : (
        <Skeleton rows={3} />
      )}
    </div>
  );
}

function NotYours() {
  const { t } = useTranslation();
  return (
    <Empty
      level="h1"
      title={t("schools.notYours")}
      body={t("schools.notYoursBody")}
      action={
        <Link to="/account/schools" className={buttonClass()}>
          {t("schools.toMine")}
        </Link>
      }
    />
  );
}

function Parts({ school, part }: { school: Organisation; part: PartName }) {
  const { t } = useTranslation();
  const View = LOOKS[part].view;
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 py-6 sm:py-10">
      <header className="grid gap-1">
        <p className="font-semibold text-quiet">{t("schools.title")}</p>
        <h1 translate="no" className="text-3xl font-bold wrap-anywhere sm:text-4xl">
          {school.name}
        </h1>
        <p className="flex flex-wrap gap-x-4 text-lg text-quiet" data-testid="school-counts">
          <span>{t("schools.learners", { count: school.learners })}</span>
          <span>{t("schools.instructors", { count: school.instructors })}</span>
          <span>{t("schools.admins", { count: school.admins })}</span>
        </p>
      </header>
      <nav aria-label={t("schools.title")}>
        <ul className="flex flex-wrap gap-1.5" data-testid="school-nav">
          {PARTS.map((name) => {
            const Icon = LOOKS[name].icon;
            return (
              <li key={name}>
                <Link
                  to="/school/$part"
                  params={{ part: name }}
                  className="flex min-h-11 items-center gap-2.5 rounded-full border border-line px-3 font-semibold text-quiet hover:bg-sunken hover:text-ink sm:px-4 [&[aria-current]]:border-transparent [&[aria-current]]:bg-coach-soft [&[aria-current]]:text-ink"
                >
                  <Icon aria-hidden className="size-4 max-sm:hidden" />
                  {t(`schools.part_${name}`)}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <div className="grid min-w-0 content-start gap-6">
        <View school={school} />
      </div>
    </div>
  );
}
