import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { Activity, Building2, ListChecks, ScrollText, SlidersHorizontal, Users, Wrench } from "lucide-react";
import { buttonClass } from "@/components/button";
import { SideMenu } from "@/components/side-menu";
import { Empty } from "@/components/states";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";

const PAGES = [
  { to: "/admin", label: "administration.overview.nav", icon: Activity, operator: false },
  { to: "/admin/people", label: "administration.people.nav", icon: Users, operator: false },
  { to: "/admin/organisations", label: "administration.organisations.nav", icon: Building2, operator: true },
  { to: "/admin/jobs", label: "administration.jobs.nav", icon: ListChecks, operator: true },
  { to: "/admin/settings", label: "administration.settings.nav", icon: SlidersHorizontal, operator: false },
  { to: "/admin/maintenance", label: "administration.maintenance.nav", icon: Wrench, operator: true },
  { to: "/admin/audit", label: "administration.audit.nav", icon: ScrollText, operator: false },
] as const;

/** The frame of these pages: the way from one to the other, for those who run something. */
export function AdministrationLayout() {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  useTitle(t("administration.title"));
  if (me === undefined) return null;
  if (!me.operator && me.role !== "admin") {
    return (
      <Empty
        level="h1"
        title={t("administration.refused")}
        body={t("administration.refusedBody")}
        action={
          <Link to="/" className={buttonClass()}>
            {t("app.talk")}
          </Link>
        }
      />
    );
  }
  const shown = PAGES.filter((page) => me.operator || !page.operator);
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 py-6 sm:py-10 lg:grid-cols-[14rem_minmax(0,1fr)] lg:gap-10">
      <SideMenu title={t("administration.title")} pages={shown} testId="administration-nav" />
      <Outlet />
    </div>
  );
}
