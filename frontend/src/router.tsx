import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Outlet,
  type RouterHistory,
  redirect,
  useRouter,
} from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { readAuthSearch } from "./auth/search";
import { SignInPage } from "./auth/sign-in-page";
import { SignUpPage } from "./auth/sign-up-page";
import { Failure } from "./components/failure";
import { SignedInLayout } from "./components/signed-in-layout";
import { HistoryPage } from "./history/history-page";
import { TranscriptPage } from "./history/transcript-page";
import { adoptAccountLocale } from "./i18n";
import { isSessionExpired, meQuery } from "./lib/queries";
import { NotFoundPage } from "./not-found-page";
import { TalkPage } from "./talk/talk-page";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: readAuthSearch,
  component: SignInPage,
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: readAuthSearch,
  component: SignUpPage,
});

/** Everything that needs to know who is here. The API enforces it; this only spares the visitor a broken page. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: SignedInLayout,
  errorComponent: PageFailure,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queries.ensureQueryData(meQuery);
      adoptAccountLocale(me.locale);
    } catch (error) {
      if (!isSessionExpired(error)) throw error;
      throw redirect({
        to: "/sign-in",
        search: location.pathname === "/" ? {} : { next: location.href },
      });
    }
  },
});

const talk = createRoute({ getParentRoute: () => signedIn, path: "/", component: TalkPage });
const history = createRoute({ getParentRoute: () => signedIn, path: "/history", component: HistoryPage });
const transcript = createRoute({
  getParentRoute: () => signedIn,
  path: "/calls/$callId",
  component: TranscriptPage,
});

const routeTree = root.addChildren([signIn, signUp, signedIn.addChildren([talk, history, transcript])]);

export function createAppRouter(queries: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: { queries },
    scrollRestoration: true,
    ...(history ? { history } : {}),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

function PageFailure({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <main className="mx-auto grid min-h-full max-w-lg content-center p-4">
      <Failure title={t("app.updateTitle")} error={error} onRetry={() => void router.invalidate()} />
    </main>
  );
}
