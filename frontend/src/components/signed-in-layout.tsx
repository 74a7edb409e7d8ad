import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Mic } from "lucide-react";
import { Reminder } from "@/auth/reminder";
import { useTranslation } from "@/i18n";
import { api } from "@/lib/api";
import { rememberAccount } from "@/lib/known";
import { meQuery } from "@/lib/queries";
import { Closed } from "@/talk/closed";
import { TalkProvider, useTalk } from "@/talk/provider";
import { AccountPages, SignOut } from "./account-part";
import { Listened } from "./feedback-parts";
import { Mark } from "./logo";
import { Message } from "./message";
import { Places } from "./places";
import { SettingsMenu } from "./settings-menu";
import { SkipLink } from "./skip-link";

/** The frame of every page behind the sign-in; the call lives here, so it survives going from page to page. */
export function SignedInLayout() {
  return (
    <TalkProvider>
      <div className="grid h-full grid-rows-[auto_minmax(0,1fr)_auto]">
        <SkipLink />
        <div>
          <Header />
          <ListenedBar />
        </div>
        <main id="content" tabIndex={-1} className="min-h-0 overflow-y-auto outline-none">
          <InCallBar />
          <Reminder />
          <Suspended />
          <Outlet />
        </main>
        <Places at="bottom" />
      </div>
    </TalkProvider>
  );
}

function Header() {
  const { t } = useTranslation();
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex h-16 max-w-6xl items-center gap-1 px-3 sm:gap-2 sm:px-4">
        <Link
          to="/"
          className="me-auto flex min-h-11 items-center gap-2 rounded-lg"
          aria-label={t("app.name")}
        >
          <Mark className="size-9" />
          <span className="font-display text-xl font-bold tracking-tight max-[25rem]:sr-only">
            {t("app.name")}
          </span>
        </Link>
        <Places at="top" />
        <AccountMenu />
      </div>
    </header>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const { engine } = useTalk();
  const me = useQuery(meQuery).data;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: async () => {
      await engine.hangUp();
      await api.signOut();
    },
    onSuccess: async () => {
      rememberAccount(false);
      await navigate({ to: "/sign-in" });
      queries.clear();
    },
  });
  const keepLocale = useMutation({
    mutationFn: (locale: string) => api.updateMe({ locale }),
    onSuccess: (user) => queries.setQueryData(meQuery.queryKey, user),
  });
  if (me === undefined) return <SettingsMenu onLocale={keepLocale.mutate} />;
  return (
    <>
      <SettingsMenu
        account={{
          name: me.display_name || me.email,
          pages: (close) => (
            <AccountPages
              administers={me.operator || me.role === "admin"}
              leadsSchool={me.role === "admin"}
              onGo={close}
            />
          ),
          wayOut: <SignOut onSignOut={signOut.mutate} />,
        }}
        onLocale={keepLocale.mutate}
      />
      {signOut.isError && (
        <div className="fixed inset-x-3 bottom-3 z-50 mx-auto max-w-md">
          <Message tone="danger" urgent>
            {t("errors.network")}
          </Message>
        </div>
      )}
    </>
  );
}

/** Nothing but the account opens while the organisation is paused, so every page says why. */
function Suspended() {
  const { state } = useTalk();
  const me = useQuery(meQuery).data;
  if (me?.organisation_suspended == null || state.phase === "problem") return null;
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4">
      <Closed why="organisation_suspended" />
    </div>
  );
}

/** The learner is told on whatever page they are. */
function ListenedBar() {
  const { state } = useTalk();
  return state.listened && state.phase === "in_call" ? <Listened /> : null;
}

/** A call goes on while the learner reads elsewhere; this is the way back. */
function InCallBar() {
  const { t } = useTranslation();
  const { state } = useTalk();
  const elsewhere = useRouterState({ select: (router) => router.location.pathname !== "/" });
  if (!elsewhere || state.phase !== "in_call") return null;
  return (
    <Link
      to="/"
      className="flex items-center justify-center gap-2 bg-primary px-4 py-2.5 font-semibold text-on-primary"
    >
      <Mic aria-hidden className="size-4" />
      {t("app.inCall")}
    </Link>
  );
}
