import { Link, Outlet } from "@tanstack/react-router";
import { Code, MessagesSquare, School, Shield, ShieldCheck, UserRound } from "lucide-react";
import { useTranslation } from "@/i18n";

const PAGES = [
  { to: "/account", label: "account.profile.nav", icon: UserRound },
  { to: "/account/conversation", label: "account.conversation.nav", icon: MessagesSquare },
  { to: "/account/security", label: "account.security.nav", icon: ShieldCheck },
  { to: "/account/privacy", label: "account.privacy.nav", icon: Shield },
  { to: "/account/schools", label: "account.schools.nav", icon: School },
  { to: "/account/programs", label: "account.programs.nav", icon: Code },
] as const;

/** The frame of the account's pages: the way from one to the other. */
export function AccountLayout() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-6 px-4 py-6 sm:py-10 lg:grid-cols-[14rem_1fr] lg:gap-10">
      <nav aria-label={t("account.title")} className="lg:sticky lg:top-8 lg:self-start">
        <ul className="flex flex-wrap gap-1.5 lg:grid" data-testid="account-nav">
          {PAGES.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: true }}
                className="flex min-h-11 items-center gap-2.5 rounded-full px-3 font-semibold sm:px-3.5 text-quiet hover:bg-sunken hover:text-ink max-lg:border max-lg:border-line lg:px-4 [&[aria-current]]:border-transparent [&[aria-current]]:bg-coach-soft [&[aria-current]]:text-ink"
              >
                <Icon aria-hidden className="size-4 max-sm:hidden" />
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </div>
  );
}
