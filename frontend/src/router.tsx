/** Every address of the application; what strangers do not need is loaded when its page is opened. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { readAuthSearch } from "./auth/search";
import { BrokenPage } from "./broken-page";
import { isKnown } from "./lib/known";
import { NotFoundPage } from "./not-found-page";
import { WelcomePage } from "./welcome/welcome-page";

const root = createRootRouteWithContext<{ queries: () => Promise<QueryClient> }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: BrokenPage,
  beforeLoad: ({ location }) => {
    if (location.pathname === "/" && !isKnown()) throw redirect({ to: "/welcome" });
  },
});

const welcome = createRoute({ getParentRoute: () => root, path: "/welcome", component: WelcomePage });

const data = createRoute({
  getParentRoute: () => root,
  id: "data",
  beforeLoad: async ({ context }) => ({ client: await context.queries() }),
  component: lazyRouteComponent(() => import("./data-layout"), "DataLayout"),
});

const signIn = createRoute({
  getParentRoute: () => data,
  path: "/sign-in",
  validateSearch: readAuthSearch,
  component: lazyRouteComponent(() => import("./auth/sign-in-page"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => data,
  path: "/sign-up",
  validateSearch: readAuthSearch,
  component: lazyRouteComponent(() => import("./auth/sign-up-page"), "SignUpPage"),
});

const frame = createRoute({
  getParentRoute: () => data,
  id: "frame",
  component: lazyRouteComponent(() => import("./frame"), "Frame"),
});

const signedIn = createRoute({
  getParentRoute: () => frame,
  id: "signed-in",
  errorComponent: lazyRouteComponent(() => import("./page-failure"), "PageFailure"),
  beforeLoad: async ({ context, location }) => {
    const { requireAccount } = await import("./guard");
    await requireAccount(context.client, location.href);
  },
});

const talk = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: lazyRouteComponent(() => import("./talk/talk-page"), "TalkPage"),
});

const history = createRoute({
  getParentRoute: () => signedIn,
  path: "/history",
  component: lazyRouteComponent(() => import("./history/history-page"), "HistoryPage"),
});

const transcript = createRoute({
  getParentRoute: () => signedIn,
  path: "/calls/$callId",
  component: lazyRouteComponent(() => import("./history/transcript-page"), "TranscriptPage"),
});

const help = createRoute({
  getParentRoute: () => frame,
  path: "/help",
  component: lazyRouteComponent(() => import("./help/help-page"), "HelpPage"),
});

const device = createRoute({
  getParentRoute: () => frame,
  path: "/device",
  component: lazyRouteComponent(() => import("./device/device-page"), "DevicePage"),
});

const routeTree = root.addChildren([
  welcome,
  data.addChildren([
    signIn,
    signUp,
    frame.addChildren([signedIn.addChildren([talk, history, transcript]), help, device]),
  ]),
]);

export function createAppRouter(queries: () => Promise<QueryClient>, history?: RouterHistory) {
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
