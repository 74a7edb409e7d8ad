/** Every address of the application; what strangers do not need is loaded when its page is opened. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { readAuthSearch } from "./auth/search";
import { BrokenPage } from "./broken-page";
import { isKnown } from "./lib/known";
import { NotFoundPage } from "./not-found-page";
import { Root } from "./pwa/root";
import { part } from "./pwa/stale";
import { WelcomePage } from "./welcome/welcome-page";

/** A component that is loaded with its page. */
function page<Parts extends Record<string, unknown>, Name extends keyof Parts>(
  load: () => Promise<Parts>,
  name: Name,
) {
  return lazyRouteComponent(() => part(load), name);
}

const root = createRootRouteWithContext<{ queries: () => Promise<QueryClient> }>()({
  component: Root,
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
  component: page(() => import("./data-layout"), "DataLayout"),
});

const signIn = createRoute({
  getParentRoute: () => data,
  path: "/sign-in",
  validateSearch: readAuthSearch,
  component: page(() => import("./auth/sign-in-page"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => data,
  path: "/sign-up",
  validateSearch: readAuthSearch,
  component: page(() => import("./auth/sign-up-page"), "SignUpPage"),
});

const frame = createRoute({
  getParentRoute: () => data,
  id: "frame",
  component: page(() => import("./frame"), "Frame"),
});

const signedIn = createRoute({
  getParentRoute: () => frame,
  id: "signed-in",
  errorComponent: page(() => import("./page-failure"), "PageFailure"),
  beforeLoad: async ({ context, location }) => {
    const { requireAccount } = await part(() => import("./guard"));
    await requireAccount(context.client, location.href);
  },
});

const talk = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: page(() => import("./talk/talk-page"), "TalkPage"),
});

const history = createRoute({
  getParentRoute: () => signedIn,
  path: "/history",
  component: page(() => import("./history/history-page"), "HistoryPage"),
});

const transcript = createRoute({
  getParentRoute: () => signedIn,
  path: "/calls/$callId",
  component: page(() => import("./history/transcript-page"), "TranscriptPage"),
});

const help = createRoute({
  getParentRoute: () => frame,
  path: "/help",
  component: page(() => import("./help/help-page"), "HelpPage"),
});

const device = createRoute({
  getParentRoute: () => frame,
  path: "/device",
  component: page(() => import("./device/device-page"), "DevicePage"),
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
