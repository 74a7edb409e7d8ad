import { Outlet } from "@tanstack/react-router";
import { Code, MessagesSquare, School, Shield, ShieldCheck, UserRound } from "lucide-react";
import { SideMenu } from "@/components/side-menu";
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
      <SideMenu title={t("account.title")} pages={PAGES} testId="account-nav" />
      <Outlet />
    </div>
  );
}
