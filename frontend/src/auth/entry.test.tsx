import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseLocale } from "@/i18n";
import { ApiError } from "@/lib/api";
import { isFinalProblem, toTalkError } from "@/talk/problems";
import { open, pretendApi, type Routes, refusal, SIGNED_IN, USER } from "@/test/app";
import { OAUTH_ERRORS } from "./search";

const TOKEN = "a".repeat(54);
const LINK = `#token=${TOKEN}`;

afterEach(() => {
  chooseLocale("en");
  vi.unstubAllGlobals();
});

/** Keeps what is sent: a request's body can be read once. */
function keeping(routes: Routes): { routes: Routes; bodies: Record<string, unknown[]> } {
  const bodies: Record<string, unknown[]> = {};
  const kept = Object.entries(routes).map(([name, reply]): [string, Routes[string]] => [
    name,
    (request) => {
      const list = bodies[name] ?? [];
      bodies[name] = list;
      if (!name.startsWith("GET"))
        void request
          .clone()
          .json()
          .then(
            (body) => list.push(body),
            () => undefined,
          );
      return typeof reply === "function" ? reply(request) : reply;
    },
  ]);
  return { routes: Object.fromEntries(kept), bodies };
}

const me = (more: object): Routes => ({ ...SIGNED_IN, "GET /users/me": { body: { ...USER, ...more } } });
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

async function fillSignUp({ year = "1990", password = "Speak-easy-9" } = {}) {
  await userEvent.type(await screen.findByLabelText("E-mail"), "maya@example.com");
  await userEvent.type(screen.getByLabelText("Password"), password);
  if (year) await userEvent.type(screen.getByLabelText("Year of birth"), year);
}

const agree = () => userEvent.click(screen.getByLabelText(/I know that I will talk with an AI/));

describe("signing up", () => {
  it("points at everything that is missing and asks nothing of the server", async () => {
    const { routes, bodies } = keeping({ "POST /auth/register": { status: 201, body: USER } });
    pretendApi(routes);
    open("/sign-up", { known: false });
    expect(await screen.findByTestId("ai-disclosure")).toHaveTextContent("talk with an AI");
    await press("Create account");
    for (const label of ["E-mail", "Password", "Year of birth", /talk with an AI/]) {
      expect(screen.getByLabelText(label)).toBeInvalid();
    }
    await waitFor(() => expect(screen.getByLabelText("E-mail")).toHaveFocus());
    expect(bodies).toEqual({});
  });

  it("ticks the rules of a password off while it is typed", async () => {
    pretendApi({});
    open("/sign-up", { known: false });
    const rules = within(await screen.findByTestId("password-rules"));
    const open_ = () => rules.getAllByRole("listitem").filter((one) => one.dataset.kept === "false");
    expect(open_().map((one) => one.dataset.rule)).toEqual(["length", "upper", "lower", "digit", "special"]);
    await userEvent.type(screen.getByLabelText("Password"), "speak9");
    expect(open_().map((one) => one.dataset.rule)).toEqual(["length", "upper", "special"]);
    await userEvent.type(screen.getByLabelText("Password"), "-M");
    expect(open_()).toEqual([]);
    await userEvent.type(screen.getByLabelText("E-mail"), "speak9@example.com");
    expect(open_().map((one) => one.dataset.rule)).toEqual(["notEmail"]);
  });

  it("sends age and acknowledgement, and leads to the talk page", async () => {
    const { routes, bodies } = keeping({
      ...SIGNED_IN,
      "POST /auth/register": { status: 201, body: USER },
      "POST /auth/login": { status: 204 },
    });
    pretendApi(routes);
    open("/sign-up", { known: false });
    await fillSignUp();
    await agree();
    await press("Create account");
    expect(await screen.findByRole("heading", { name: "Let us begin" })).toBeVisible();
    expect(bodies["POST /auth/register"]).toEqual([
      {
        email: "maya@example.com",
        password: "Speak-easy-9",
        display_name: "",
        birth_year: 1990,
        locale: "en",
        ai_disclosure: true,
        terms: true,
      },
    ]);
  });

  it("leads a young learner to ask for consent", async () => {
    const young = { consent: "needed", birth_year: 2014 };
    pretendApi({
      ...me(young),
      "POST /auth/register": { status: 201, body: { ...USER, ...young } },
      "POST /auth/login": { status: 204 },
    });
    const router = open("/sign-up", { known: false });
    await fillSignUp({ year: "2014" });
    await agree();
    await press("Create account");
    expect(await screen.findByLabelText("E-mail address of your parent or guardian")).toBeVisible();
    expect(router.state.location.pathname).toBe("/guardian");
  });

  it("says when the address is taken, with the way to sign in", async () => {
    pretendApi({ "POST /auth/register": refusal(409, "email_taken") });
    open("/sign-up", { known: false });
    await fillSignUp();
    await agree();
    await press("Create account");
    const error = await screen.findByTestId("auth-error");
    expect(error).toHaveTextContent("exists already");
    expect(within(error).getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in");
  });

  it("goes on where the account was made and only the sign-in failed", async () => {
    let tries = 0;
    pretendApi({
      ...SIGNED_IN,
      "POST /auth/register": () => (tries === 0 ? { status: 201, body: USER } : refusal(409, "email_taken")),
      "POST /auth/login": () => {
        tries += 1;
        return tries === 1 ? refusal(503, "unavailable") : { status: 204 };
      },
    });
    open("/sign-up", { known: false });
    await fillSignUp();
    await agree();
    await press("Create account");
    await screen.findByTestId("auth-error");
    await press("Create account");
    expect(await screen.findByRole("heading", { name: "Let us begin" })).toBeVisible();
  });
});

describe("signing in", () => {
  const signIn = async () => {
    await userEvent.type(await screen.findByLabelText("E-mail"), "maya@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "wrong");
    await press("Sign in");
  };

  it("says how long a locked account waits, and offers a new password", async () => {
    pretendApi({ "POST /auth/login": refusal(429, "account_locked", { "Retry-After": "840" }) });
    open("/sign-in", { known: false });
    await signIn();
    const error = await screen.findByTestId("auth-error");
    expect(error).toHaveTextContent("Wait 14 minutes");
    expect(within(error).getByRole("link", { name: "Choose a new password" })).toHaveAttribute(
      "href",
      "/forgot",
    );
  });

  it("says how long to wait after too many tries", async () => {
    pretendApi({ "POST /auth/login": refusal(429, "rate_limited", { "Retry-After": "20" }) });
    open("/sign-in", { known: false });
    await signIn();
    expect(await screen.findByTestId("auth-error")).toHaveTextContent("again in 20 seconds");
  });

  it("shows a button for each configured provider, which comes back to where one was headed", async () => {
    const config = { version: "1", embedded: false, demo_accounts: [], coach: "guided" };
    const sign_in_providers = [{ name: "google", title: "Google" }];
    pretendApi({ "GET /config": { body: { ...config, sign_in_providers } } });
    open("/sign-in?next=/history", { known: false });
    expect(await screen.findByRole("link", { name: "Continue with Google" })).toHaveAttribute(
      "href",
      "/api/v1/auth/oauth/google/start?next=%2Fhistory",
    );
  });

  it("shows none where none is configured", async () => {
    pretendApi({ "GET /config": SIGNED_IN["GET /config"] ?? {} });
    open("/sign-in", { known: false });
    await screen.findByLabelText("E-mail");
    expect(screen.queryByTestId("providers")).toBeNull();
  });

  it.each([...OAUTH_ERRORS, "oauth_something_new"])(
    "says in words that a provider ended with %s",
    async (code) => {
      pretendApi({});
      open(`/sign-in?error=${code}&provider=google`, { known: false });
      const alert = await screen.findByRole("alert");
      expect(alert.textContent).toMatch(/^[A-Z].{20,}\.$/);
      expect(alert).not.toHaveTextContent("oauth");
      expect(screen.getByTestId(code === "oauth_something_new" ? "oauth_failed" : code)).toBeVisible();
    },
  );
});

describe("a forgotten password", () => {
  it("is answered alike whether or not there is an account", async () => {
    const { routes, bodies } = keeping({ "POST /auth/forgot-password": { status: 202 } });
    pretendApi(routes);
    open("/forgot", { known: false });
    await userEvent.type(await screen.findByLabelText("E-mail"), "maya@example.com");
    await press("Send me a link");
    expect(await screen.findByText(/If maya@example.com has an account/)).toBeVisible();
    await press("Send it again");
    await waitFor(() => expect(bodies["POST /auth/forgot-password"]).toHaveLength(2));
  });

  it("is replaced by the link's token, which leaves the address bar", async () => {
    const { routes, bodies } = keeping({ "POST /auth/reset-password": { status: 204 } });
    pretendApi(routes);
    const router = open(`/reset${LINK}`, { known: false });
    await userEvent.type(await screen.findByLabelText("New password"), "weak");
    await press("Keep this password");
    expect(screen.getByLabelText("New password")).toBeInvalid();
    expect(screen.getByText(/Still missing: .*a capital letter/)).toBeVisible();
    await waitFor(() => expect(router.state.location.href).toBe("/reset"));
    await userEvent.clear(screen.getByLabelText("New password"));
    await userEvent.type(screen.getByLabelText("New password"), "Speak-easy-9");
    await press("Keep this password");
    expect(await screen.findByTestId("reset-done")).toHaveAttribute("href", "/sign-in");
    expect(bodies["POST /auth/reset-password"]).toEqual([{ token: TOKEN, password: "Speak-easy-9" }]);
  });

  it.each([
    ["a link that was used", LINK],
    ["half a link", "#token=abc"],
    ["no link", ""],
  ])("with %s leads to asking anew", async (_, hash) => {
    pretendApi({ "POST /auth/reset-password": refusal(422, "link_invalid") });
    open(`/reset${hash}`, { known: false });
    if (hash === LINK) {
      await userEvent.type(await screen.findByLabelText("New password"), "Speak-easy-9");
      await press("Keep this password");
    }
    expect(await screen.findByTestId("link-broken")).toHaveAttribute("href", "/forgot");
  });
});

describe("confirming an address", () => {
  it("happens by opening the link, once a page", async () => {
    const { routes, bodies } = keeping({ "POST /auth/verify": { status: 204 } });
    pretendApi(routes);
    const router = open(`/verify${LINK}`, { known: false });
    expect(await screen.findByTestId("verified")).toBeVisible();
    expect(bodies["POST /auth/verify"]).toEqual([{ token: TOKEN }]);
    await waitFor(() => expect(router.state.location.href).toBe("/verify"));
  });

  it("offers a new link to those who are signed in", async () => {
    const { routes, bodies } = keeping({
      ...me({ email_verified: false }),
      "POST /auth/verify": refusal(422, "link_invalid"),
      "POST /auth/verify/resend": { status: 202 },
    });
    pretendApi(routes);
    open(`/verify${LINK}`);
    await userEvent.click(await screen.findByRole("button", { name: /Send a new link to maya@example.com/ }));
    expect(await screen.findByTestId("resent")).toBeVisible();
    expect(bodies).toHaveProperty(["POST /auth/verify/resend"]);
  });

  it("asks strangers with a dead link to sign in first", async () => {
    pretendApi({ "POST /auth/verify": refusal(422, "link_invalid") });
    open(`/verify${LINK}`, { known: false });
    const broken = within(await screen.findByTestId("link-broken"));
    expect(broken.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in");
  });

  it("can be tried again where the server failed", async () => {
    const routes: Routes = { "POST /auth/verify": refusal(500, "internal_error") };
    pretendApi(routes);
    open(`/verify${LINK}`, { known: false });
    const again = await screen.findByRole("button", { name: "Try again" });
    routes["POST /auth/verify"] = { status: 204 };
    await userEvent.click(again);
    expect(await screen.findByTestId("verified")).toBeVisible();
  });

  it("of a changed account waits for a press, as its link works once", async () => {
    const { routes, bodies } = keeping({ "POST /auth/confirm-email": { status: 204 } });
    pretendApi(routes);
    open(`/confirm-email${LINK}`, { known: false });
    const confirm = await screen.findByRole("button", { name: "Use this address" });
    expect(bodies["POST /auth/confirm-email"]).toBeUndefined();
    await userEvent.click(confirm);
    expect(await screen.findByTestId("address-changed")).toBeVisible();
    expect(bodies["POST /auth/confirm-email"]).toEqual([{ token: TOKEN }]);
  });
});

describe("a guardian", () => {
  const asked = (granted: boolean): Routes => ({
    "POST /consent/look": { body: { learner: "Maya", granted } },
    "POST /consent": { status: 204 },
  });

  it("reads who asks and what is kept, agrees, and may take it back", async () => {
    const { routes, bodies } = keeping(asked(false));
    pretendApi(routes);
    const router = open(`/consent${LINK}`, { known: false });
    expect(
      await screen.findByRole("heading", { name: "Maya wants to practise spoken English" }),
    ).toBeVisible();
    expect(screen.getByText(/talks with an AI, not with a person/)).toBeVisible();
    expect(screen.getByText(/is kept as text/)).toBeVisible();
    await waitFor(() => expect(router.state.location.href).toBe("/consent"));
    await press("I agree");
    expect(await screen.findByTestId("consent-granted")).toBeVisible();
    await press("Take my consent back");
    expect(bodies["POST /consent"]).toHaveLength(1);
    await press("Yes, take it back");
    expect(await screen.findByTestId("consent-refused")).toBeVisible();
    expect(bodies["POST /consent"]).toEqual([
      { token: TOKEN, granted: true },
      { token: TOKEN, granted: false },
    ]);
  });

  it("who agreed before finds the way to withdraw by the same link", async () => {
    pretendApi(asked(true));
    open(`/consent${LINK}`, { known: false });
    expect(await screen.findByRole("button", { name: "Take my consent back" })).toBeVisible();
  });

  it("with a dead link is told so", async () => {
    pretendApi({ "POST /consent/look": refusal(422, "link_invalid") });
    open(`/consent${LINK}`, { known: false });
    expect(await screen.findByTestId("link-broken")).toHaveTextContent("does not work");
  });
});

describe("a young learner", () => {
  it("names a guardian and waits", async () => {
    const routes = me({ consent: "needed" });
    routes["POST /users/me/guardian"] = () => {
      routes["GET /users/me"] = { body: { ...USER, consent: "asked" } };
      return { status: 202 };
    };
    pretendApi(routes);
    open("/guardian");
    const field = await screen.findByLabelText("E-mail address of your parent or guardian");
    await userEvent.type(field, USER.email);
    await press("Ask for consent");
    expect(screen.getByText(/This is your own address/)).toBeVisible();
    await userEvent.clear(field);
    await userEvent.type(field, "parent@example.com");
    await press("Ask for consent");
    expect(await screen.findByText("We have written to parent@example.com.")).toBeVisible();
    routes["GET /users/me"] = { body: { ...USER, consent: "granted" } };
    await press("Look again");
    expect(await screen.findByTestId("guardian-done")).toBeVisible();
  });

  it("is reminded on every page until somebody has agreed", async () => {
    pretendApi(me({ consent: "asked", email_verified: false }));
    open("/");
    const bar = within(await screen.findByTestId("reminder-consent"));
    expect(bar.getByRole("link")).toHaveAttribute("href", "/guardian");
    expect(screen.queryByTestId("reminder-email")).toBeNull();
  });
});

describe("an unconfirmed address", () => {
  it("is mentioned with the way to another mail, and not again once dismissed", async () => {
    pretendApi({ ...me({ email_verified: false }), "POST /auth/verify/resend": { status: 202 } });
    open("/");
    const bar = within(await screen.findByTestId("reminder-email"));
    await userEvent.click(bar.getByRole("button", { name: "Send it again" }));
    expect(await bar.findByText("A new mail is on its way to maya@example.com.")).toBeVisible();
    await userEvent.click(bar.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByTestId("reminder-email")).toBeNull();
    expect(window.sessionStorage.getItem("avaaz.reminderDismissed")).toBe("1");
  });
});

describe("an account with an open question", () => {
  it("is asked before the page, answers, and goes on", async () => {
    const routes = me({ age_needed: true, birth_year: null, ai_disclosure_needed: true });
    routes["PATCH /users/me"] = { body: USER };
    const { routes: kept, bodies } = keeping(routes);
    pretendApi(kept);
    const router = open("/");
    await userEvent.type(await screen.findByLabelText("Year of birth"), "1850");
    await press("Save and go on");
    expect(screen.getByLabelText("Year of birth")).toBeInvalid();
    await userEvent.clear(screen.getByLabelText("Year of birth"));
    await userEvent.type(screen.getByLabelText("Year of birth"), "1990");
    await agree();
    await press("Save and go on");
    expect(await screen.findByRole("button", { name: "Start talking" })).toBeVisible();
    expect(router.state.location.pathname).toBe("/");
    expect(bodies["PATCH /users/me"]).toEqual([{ birth_year: 1990, ai_disclosure: true, terms: true }]);
  });

  it("may put it off, and is not asked again", async () => {
    pretendApi(me({ age_needed: true, birth_year: null }));
    const router = open("/");
    await userEvent.click(await screen.findByRole("button", { name: "Not now" }));
    expect(await screen.findByRole("button", { name: "Start talking" })).toBeVisible();
    await router.navigate({ to: "/help" });
    await router.navigate({ to: "/" });
    expect(router.state.location.pathname).toBe("/");
  });
});

describe("talking is refused", () => {
  it.each(["consent_needed", "email_unverified", "age_needed"])(
    "because of %s, which waiting does not mend",
    (code) => {
      const refused = new ApiError(403, code, code);
      expect(toTalkError(refused).problem).toBe(code);
      expect(isFinalProblem(refused)).toBe(true);
    },
  );
});
