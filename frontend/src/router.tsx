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
import { readAuthSearch, readBeginSearch, readSignInSearch } from "./auth/search";
import { BrokenPage } from "./broken-page";
import { openVolume } from "./i18n";
import type { Volume } from "./i18n/volumes";
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

/** Opens texts that a page needs beside the shell's. */
function texts(...volumes: Volume[]) {
  return () => Promise.all(volumes.map(openVolume));
}

/** The texts of signing up, signing in and mailed links. */
const openEntry = texts("auth");

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

/** A page being opened, below the one that brings the account's data. */
interface Opening {
  context: { client: QueryClient };
  location: { href: string };
}

/** Only for who is signed in; with `ask`, what must be known of them first is asked before. */
async function requireAccount({ context, location }: Opening, ask: boolean): Promise<void> {
  const guard = await part(() => import("./guard"));
  await guard.requireAccount(context.client, location.href, { ask });
}

function requireAnyAccount(opening: Opening): Promise<void> {
  return requireAccount(opening, false);
}

const signIn = createRoute({
  getParentRoute: () => data,
  path: "/sign-in",
  validateSearch: readSignInSearch,
  loader: openEntry,
  component: page(() => import("./auth/sign-in-page"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => data,
  path: "/sign-up",
  validateSearch: readAuthSearch,
  loader: openEntry,
  component: page(() => import("./auth/sign-up-page"), "SignUpPage"),
});

const forgot = createRoute({
  getParentRoute: () => data,
  path: "/forgot",
  loader: openEntry,
  component: page(() => import("./auth/forgot-page"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => data,
  path: "/reset",
  loader: openEntry,
  component: page(() => import("./auth/reset-page"), "ResetPage"),
});

const verify = createRoute({
  getParentRoute: () => data,
  path: "/verify",
  loader: openEntry,
  component: page(() => import("./auth/verify-page"), "VerifyPage"),
});

const confirmEmail = createRoute({
  getParentRoute: () => data,
  path: "/confirm-email",
  loader: openEntry,
  component: page(() => import("./auth/confirm-email-page"), "ConfirmEmailPage"),
});

const consent = createRoute({
  getParentRoute: () => data,
  path: "/consent",
  loader: openEntry,
  component: page(() => import("./auth/consent-page"), "ConsentPage"),
});

/** The texts about schools, beside those that their pages share with the account's. */
const openSchools = texts("account", "auth", "schools", "privacy");

const join = createRoute({
  getParentRoute: () => data,
  path: "/join",
  loader: openSchools,
  component: page(() => import("./organisations/join-page"), "JoinPage"),
});

const aboutYou = createRoute({
  getParentRoute: () => data,
  path: "/about-you",
  validateSearch: readAuthSearch,
  beforeLoad: requireAnyAccount,
  loader: openEntry,
  component: page(() => import("./auth/about-you-page"), "AboutYouPage"),
});

const guardian = createRoute({
  getParentRoute: () => data,
  path: "/guardian",
  validateSearch: readAuthSearch,
  beforeLoad: requireAnyAccount,
  loader: openEntry,
  component: page(() => import("./auth/guardian-page"), "GuardianPage"),
});

const begin = createRoute({
  getParentRoute: () => data,
  path: "/begin",
  validateSearch: readBeginSearch,
  beforeLoad: requireAnyAccount,
  loader: texts("onboarding", "account", "auth"),
  component: page(() => import("./onboarding/begin-page"), "BeginPage"),
});

const frame = createRoute({
  getParentRoute: () => data,
  id: "frame",
  loader: texts("talk"),
  component: page(() => import("./frame"), "Frame"),
});

const signedIn = createRoute({
  getParentRoute: () => frame,
  id: "signed-in",
  errorComponent: page(() => import("./page-failure"), "PageFailure"),
  beforeLoad: (opening) => requireAccount(opening, true),
});

const talk = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: page(() => import("./talk/talk-page"), "TalkPage"),
});

const history = createRoute({
  getParentRoute: () => signedIn,
  path: "/history",
  loader: texts("history", "feedback"),
  component: page(() => import("./history/history-page"), "HistoryPage"),
});

const transcript = createRoute({
  getParentRoute: () => signedIn,
  path: "/calls/$callId",
  loader: texts("transcript", "corrections", "feedback", "recording", "report", "privacy", "account", "auth"),
  component: page(() => import("./history/transcript-page"), "TranscriptPage"),
});

const lessons = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/lessons",
    loader: texts("lessons"),
    component: page(() => import("./lessons/lessons-page"), "LessonsPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/lessons/objectives",
    loader: texts("lessons"),
    component: page(() => import("./lessons/objectives-page"), "ObjectivesPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/lessons/$lessonId",
    loader: texts("lessons"),
    component: page(() => import("./lessons/lesson-page"), "LessonPage"),
  }),
] as const;

const exams = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/exams",
    loader: texts("exams", "account"),
    component: page(() => import("./exams/pages"), "ExamsPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/exams/$examKey",
    loader: texts("exams", "account"),
    component: page(() => import("./exams/pages"), "ExamPage"),
  }),
] as const;

const progress = createRoute({
  getParentRoute: () => signedIn,
  path: "/progress",
  loader: texts("progress"),
  component: page(() => import("./progress/progress-page"), "ProgressPage"),
});

const practice = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/practice",
    loader: texts("practice"),
    component: page(() => import("./practice/practice-page"), "PracticePage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/practice/review",
    loader: texts("practice"),
    component: page(() => import("./practice/review-page"), "ReviewPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/practice/items",
    loader: texts("practice"),
    component: page(() => import("./practice/items-page"), "ItemsPage"),
  }),
] as const;

const programFigures = createRoute({
  getParentRoute: () => signedIn,
  path: "/review/programs/$programId",
  loader: texts("progress"),
  component: page(() => import("./progress/program-figures-page"), "ProgramFiguresPage"),
});

/** The texts of the instructor's pages, beside those that they share with the learner's and the account's. */
const openReview = texts(
  "review",
  "history",
  "transcript",
  "corrections",
  "recording",
  "account",
  "auth",
  "lessons",
  "results",
);

const review = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/review",
    loader: openReview,
    component: page(() => import("./review/learners-page"), "LearnersPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/review/bookmarks",
    loader: openReview,
    component: page(() => import("./review/bookmarks-page"), "BookmarksPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/review/learners/$learnerId",
    loader: openReview,
    component: page(() => import("./review/learner-page"), "LearnerPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/review/calls/$callId",
    loader: openReview,
    component: page(() => import("./review/call-page"), "CallPage"),
  }),
] as const;

const results = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/exams/attempts/$attemptId",
    loader: texts("results", "recording", "account"),
    component: page(() => import("./results/attempt-page"), "AttemptPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/review/calibration",
    loader: texts("results", "review"),
    component: page(() => import("./results/calibration-page"), "CalibrationPage"),
  }),
] as const;

/** The texts of the pages for those who write lessons, beside those that they share. */
const openAuthoring = texts("authoring", "review", "account", "auth");

const authoring = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/authoring",
    loader: openAuthoring,
    component: page(() => import("./authoring/lessons-page"), "WrittenLessonsPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/authoring/$lessonId",
    loader: openAuthoring,
    component: page(() => import("./authoring/lesson-page"), "WrittenLessonPage"),
  }),
] as const;

const documents = [
  createRoute({
    getParentRoute: () => signedIn,
    path: "/documents",
    loader: texts("documents", "account", "authoring", "auth"),
    component: page(() => import("./knowledge/pages"), "DocumentsPage"),
  }),
  createRoute({
    getParentRoute: () => signedIn,
    path: "/documents/$documentId/$chunkId",
    loader: texts("documents"),
    component: page(() => import("./knowledge/pages"), "PassagePage"),
  }),
] as const;

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  loader: texts("account", "feedback", "privacy", "recording", "auth"),
  component: page(() => import("./account/pages"), "AccountLayout"),
});

const accountPages = [
  createRoute({
    getParentRoute: () => account,
    path: "/",
    loader: texts("onboarding"),
    component: page(() => import("./account/pages"), "ProfilePage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/conversation",
    loader: texts("report", "onboarding"),
    component: page(() => import("./account/pages"), "ConversationPage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/security",
    component: page(() => import("./account/pages"), "SecurityPage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/privacy",
    component: page(() => import("./account/pages"), "PrivacyPage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/schools",
    loader: openSchools,
    component: page(() => import("./organisations/schools-page"), "SchoolsPage"),
  }),
  createRoute({
    getParentRoute: () => account,
    path: "/programs",
    component: page(() => import("./account/pages"), "ProgramsPage"),
  }),
] as const;

const school = createRoute({
  getParentRoute: () => signedIn,
  path: "/school/$part",
  loader: openSchools,
  component: page(() => import("./organisations/school-page"), "SchoolPage"),
});

const administration = createRoute({
  getParentRoute: () => signedIn,
  path: "/admin",
  loader: texts("administration", "schools", "account", "auth"),
  component: page(() => import("./administration/pages"), "AdministrationLayout"),
});

const administrationPages = [
  createRoute({
    getParentRoute: () => administration,
    path: "/",
    component: page(() => import("./administration/pages"), "OverviewPage"),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: "/people",
    component: page(() => import("./administration/pages"), "PeoplePage"),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: "/organisations",
    component: page(() => import("./administration/pages"), "OrganisationsPage"),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: "/jobs",
    component: page(() => import("./administration/pages"), "JobsPage"),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: "/settings",
    component: page(() => import("./administration/pages"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: "/maintenance",
    component: page(() => import("./administration/pages"), "MaintenancePage"),
  }),
  createRoute({
    getParentRoute: () => administration,
    path: "/audit",
    component: page(() => import("./administration/pages"), "AuditPage"),
  }),
] as const;

const help = createRoute({
  getParentRoute: () => frame,
  path: "/help",
  loader: texts("help"),
  component: page(() => import("./help/help-page"), "HelpPage"),
});

const scoresHelp = createRoute({
  getParentRoute: () => frame,
  path: "/help/scores",
  loader: texts("results"),
  component: page(() => import("./results/scores-help-page"), "ScoresHelpPage"),
});

const notice = createRoute({
  getParentRoute: () => frame,
  path: "/privacy",
  loader: texts("privacy"),
  component: page(() => import("./privacy/notice-page"), "NoticePage"),
});

const device = createRoute({
  getParentRoute: () => frame,
  path: "/device",
  loader: texts("device"),
  component: page(() => import("./device/device-page"), "DevicePage"),
});

const routeTree = root.addChildren([
  welcome,
  data.addChildren([
    signIn,
    signUp,
    forgot,
    reset,
    verify,
    confirmEmail,
    consent,
    join,
    aboutYou,
    guardian,
    begin,
    frame.addChildren([
      signedIn.addChildren([
        talk,
        history,
        transcript,
        ...review,
        ...results,
        ...authoring,
        ...lessons,
        ...exams,
        progress,
        ...documents,
        ...practice,
        programFigures,
        school,
        administration.addChildren(administrationPages),
        account.addChildren(accountPages),
      ]),
      help,
      scoresHelp,
      notice,
      device,
    ]),
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
  interface HistoryState {
    /** The account was erased; the page that one comes to says so. */
    accountDeleted?: boolean;
  }
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
