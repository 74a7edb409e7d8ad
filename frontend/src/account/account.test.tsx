import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseLocale } from "@/i18n";
import { open, PREFERENCES, pretendApi, type Routes, refusal, SIGNED_IN, USER } from "@/test/app";

afterEach(() => {
  chooseLocale("en");
  vi.unstubAllGlobals();
});

const ME = { ...USER, native_language: "fa" };
const LONG_AGO = "2026-01-01T10:00:00Z";
const device = (id: string, label: string, current = false) => ({
  id,
  label,
  current,
  created_at: LONG_AGO,
  last_seen_at: LONG_AGO,
});
const list = (...items: object[]) => ({ body: { items } });

const RETENTION = {
  own_days: null,
  organisation_recording_days: null,
  organisation_transcript_days: null,
  recording_days: null,
  transcript_days: null,
};
const ACCOUNT: Routes = {
  ...SIGNED_IN,
  "GET /users/me": { body: ME },
  "GET /users/me/devices": list(device("d1", "Firefox on Linux", true), device("d2", "Chrome on Android")),
  "GET /auth/oauth/accounts": list(),
  "GET /auth/tokens": list(),
  "GET /api-keys": list(),
  "GET /users/me/recording-consent": {
    body: {
      version: "2026-11",
      asked: true,
      granted: false,
      adult_needed: false,
      granted_at: null,
      withdrawn_at: null,
      recordings: 0,
    },
  },
  "GET /users/me/exports": list(),
  "GET /users/me/deleted-calls": list(),
  "GET /users/me/audit": { body: { items: [], next_cursor: null } },
  "GET /users/me/retention": { body: RETENTION },
};

/** What is sent to `METHOD /path`, body by body. */
function watch(routes: Routes, wanted: string): { sent: unknown[] } {
  const sent: unknown[] = [];
  pretendApi(routes);
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (request: Request) => {
    const name = `${request.method} ${new URL(request.url).pathname.replace("/api/v1", "")}`;
    if (name === wanted) sent.push(await request.clone().json());
    return fetch(request);
  });
  return { sent };
}

describe("the profile", () => {
  it("is saved as a whole, says so, and can be taken back", async () => {
    const saved = { ...ME, display_name: "Maya Rose", level: "B1" };
    const routes = { ...ACCOUNT, "PATCH /users/me": { body: saved } } as Routes;
    const { sent } = watch(routes, "PATCH /users/me");
    open("/account");
    await userEvent.clear(await screen.findByLabelText("Your name"));
    await userEvent.type(screen.getByLabelText("Your name"), " Maya Rose ");
    await userEvent.click(screen.getByRole("radio", { name: /^B1/ }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Saved.")).toBeVisible();
    expect(sent).toEqual([{ display_name: "Maya Rose", level: "B1", native_language: "fa" }]);

    routes["PATCH /users/me"] = { body: ME };
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText(/Taken back/)).toBeVisible();
    expect(sent[1]).toEqual({ display_name: "Maya", level: "A2", native_language: "fa" });
    expect(screen.getByLabelText("Your name")).toHaveValue("Maya");
  });

  it("keeps what was typed when it was not saved, and says why", async () => {
    pretendApi({ ...ACCOUNT, "PATCH /users/me": refusal(422, "validation_error") });
    open("/account");
    await userEvent.type(await screen.findByLabelText("Your name"), " Rose");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("not accepted");
    expect(screen.getByLabelText("Your name")).toHaveValue("Maya Rose");
  });

  it("lets the goal be changed", async () => {
    const told = { native_language: "fa", goal_kind: "work", goal: null, done: true };
    const routes = { ...ACCOUNT, "PATCH /users/me/onboarding": { body: told } } as Routes;
    const { sent } = watch(routes, "PATCH /users/me/onboarding");
    open("/account");
    await userEvent.click(await screen.findByRole("radio", { name: "Work" }));
    await userEvent.type(screen.getByLabelText("In your own words"), " to sell more ");
    await userEvent.click(screen.getByRole("button", { name: "Keep this goal" }));
    expect(await screen.findByText("Saved.")).toBeVisible();
    expect(sent).toEqual([{ goal_kind: "work", goal: "to sell more" }]);
  });

  it("finds a language by typing and by the arrow keys", async () => {
    const { sent } = watch({ ...ACCOUNT, "PATCH /users/me": { body: ME } }, "PATCH /users/me");
    open("/account");
    const box = await screen.findByRole("combobox", { name: "Your first language" });
    expect(box).toHaveValue("Persian");
    await userEvent.click(box);
    await userEvent.keyboard("port");
    const option = await screen.findByRole("option", { name: /Portuguese/ });
    expect(box).toHaveAttribute("aria-activedescendant", option.id);
    await userEvent.keyboard("{Enter}");
    expect(box).toHaveValue("Portuguese");
    expect(sent).toEqual([]);
    await userEvent.keyboard("{ArrowDown}{Escape}");
    expect(box).toHaveAttribute("aria-expanded", "false");
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({ native_language: "pt" });
  });

  it("can do without a first language", async () => {
    const { sent } = watch({ ...ACCOUNT, "PATCH /users/me": { body: ME } }, "PATCH /users/me");
    open("/account");
    await userEvent.click(await screen.findByRole("button", { name: "Remove the language" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent[0]).toMatchObject({ native_language: null }));
  });

  it("changes the language of the pages at once, and keeps it in the account", async () => {
    const { sent } = watch({ ...ACCOUNT, "PATCH /users/me": { body: ME } }, "PATCH /users/me");
    open("/account");
    const group = await screen.findByTestId("interface-language");
    await userEvent.click(within(group).getByRole("radio", { name: "Español" }));
    expect(await screen.findByRole("heading", { name: "Perfil" })).toBeVisible();
    expect(sent).toEqual([{ locale: "es" }]);
  });
});

describe("the conversation", () => {
  it("saves each choice as it is made, and takes it back", async () => {
    const kept = { ...PREFERENCES, greeting_verbosity: "short" };
    const routes = { ...ACCOUNT, "PATCH /users/me/preferences": { body: kept } } as Routes;
    const { sent } = watch(routes, "PATCH /users/me/preferences");
    open("/account/conversation");
    await userEvent.click(await screen.findByRole("radio", { name: "Briefly" }));
    expect(await screen.findByText("Saved.")).toBeVisible();
    expect(screen.getByRole("radio", { name: "Briefly" })).toBeChecked();

    routes["PATCH /users/me/preferences"] = { body: { ...kept, greeting_verbosity: "normal" } };
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(screen.getByRole("radio", { name: "At ease" })).toBeChecked());
    expect(sent).toContainEqual({ greeting_verbosity: "normal" });
  });

  it("falls back where a choice was not saved", async () => {
    pretendApi({ ...ACCOUNT, "PATCH /users/me/preferences": refusal(500, "internal_error") });
    open("/account/conversation");
    await userEvent.click(await screen.findByRole("radio", { name: "Briefly" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Reference req-1");
    expect(screen.getByRole("radio", { name: "At ease" })).toBeChecked();
  });
});

describe("security", () => {
  it("shows an address that waits, and lets it go", async () => {
    const routes: Routes = {
      ...ACCOUNT,
      "GET /users/me": { body: { ...ME, pending_email: "new@example.com" } },
      "DELETE /users/me/email": () => {
        routes["GET /users/me"] = { body: ME };
        return { status: 204 };
      },
    };
    pretendApi(routes);
    open("/account/security");
    expect(await screen.findByTestId("pending-email")).toHaveTextContent("new@example.com");
    await userEvent.click(screen.getByRole("button", { name: "Keep the present address" }));
    await waitFor(() => expect(screen.queryByTestId("pending-email")).toBeNull());
  });

  it("asks for the password before another address, and says when it is wrong", async () => {
    const { sent } = watch(
      { ...ACCOUNT, "POST /users/me/email": refusal(403, "wrong_password") },
      "POST /users/me/email",
    );
    open("/account/security");
    await userEvent.click(await screen.findByRole("button", { name: "Change the address" }));
    await userEvent.click(screen.getByRole("button", { name: "Send the link" }));
    expect(screen.getByLabelText("New e-mail address")).toBeInvalid();
    await userEvent.type(screen.getByLabelText("New e-mail address"), ME.email);
    expect(screen.getByText("This is the address you have already.")).toBeVisible();
    await userEvent.type(screen.getByLabelText("New e-mail address"), ".org");
    await userEvent.type(screen.getByLabelText("Your present password"), "wrong");
    expect(sent).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Send the link" }));
    expect(await screen.findByTestId("refusal")).toHaveTextContent("not your present password");
  });

  it("sends a new password only once it keeps the rules", async () => {
    const { sent } = watch(
      { ...ACCOUNT, "POST /users/me/password": { status: 204 } },
      "POST /users/me/password",
    );
    open("/account/security");
    await userEvent.click(await screen.findByRole("button", { name: "Change the password" }));
    await userEvent.type(screen.getByLabelText("Your present password"), "Speak-easy-9");
    await userEvent.type(screen.getByLabelText("New password"), "short");
    await userEvent.click(screen.getByRole("button", { name: "Use this password" }));
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByLabelText("New password"), "-Is-Long-1");
    await userEvent.click(screen.getByRole("button", { name: "Use this password" }));
    expect(await screen.findByText(/Your password is changed/)).toBeVisible();
    expect(sent).toEqual([{ current_password: "Speak-easy-9", new_password: "short-Is-Long-1" }]);
  });

  it("signs a device out after asking; the one in use has no such button", async () => {
    const routes: Routes = {
      ...ACCOUNT,
      "DELETE /users/me/devices/d2": () => {
        routes["GET /users/me/devices"] = list(device("d1", "Firefox on Linux", true));
        return { status: 204 };
      },
    };
    pretendApi(routes);
    open("/account/security");
    const [own, other] = within(await screen.findByTestId("devices")).getAllByRole("listitem");
    expect(own).toHaveTextContent("This one");
    expect(within(own as HTMLElement).queryByRole("button")).toBeNull();
    await userEvent.click(within(other as HTMLElement).getByRole("button", { name: /Sign out Chrome/ }));
    const dialog = await screen.findByRole("dialog", { name: "Sign out Chrome on Android?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Leave it as it is" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /Sign out Chrome/ }));
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByText("Chrome on Android is signed out.")).toBeVisible();
    expect(within(screen.getByTestId("devices")).getAllByRole("listitem")).toHaveLength(1);
  });

  it("leads to the sign-in page after signing out everywhere", async () => {
    pretendApi({ ...ACCOUNT, "POST /auth/logout-everywhere": { status: 204 } });
    const router = open("/account/security");
    await userEvent.click(await screen.findByRole("button", { name: "Sign out everywhere" }));
    await userEvent.click(screen.getByTestId("confirm"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
  });

  it("says nothing of providers where there are none", async () => {
    pretendApi(ACCOUNT);
    open("/account/security");
    await screen.findByTestId("devices");
    expect(screen.queryByText("Other ways to sign in")).toBeNull();
  });

  it("leads to sign-in and back when the sign-in has ended", async () => {
    pretendApi({ ...ACCOUNT, "DELETE /users/me/devices/d2": refusal(401, "unauthenticated") });
    const router = open("/account/security");
    await userEvent.click(await screen.findByRole("button", { name: /Sign out Chrome/ }));
    await userEvent.click(screen.getByTestId("confirm"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
    expect(router.state.location.search).toMatchObject({ next: "/account/security" });
  });
});

describe("programs", () => {
  it("get a key, whose secret is shown once", async () => {
    const key = {
      id: "k1",
      name: "Notebook",
      hint: "avz_abcd",
      scopes: ["read", "write"],
      created_at: LONG_AGO,
      expires_at: LONG_AGO,
      last_used_at: null,
    };
    const routes: Routes = {
      ...ACCOUNT,
      "POST /api-keys": () => {
        routes["GET /api-keys"] = list(key);
        return { status: 201, body: { ...key, key: "avz_secret" } };
      },
    };
    const { sent } = watch(routes, "POST /api-keys");
    open("/account/programs");
    await userEvent.click(await screen.findByRole("button", { name: "Make a key" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Read" }));
    await userEvent.click(screen.getByRole("button", { name: "Make a key" }));
    expect(screen.getByText("Give the key a name.")).toBeVisible();
    expect(screen.getByText("Choose at least one.")).toBeVisible();
    await userEvent.type(screen.getByLabelText("Name"), "Notebook");
    await userEvent.click(screen.getByRole("checkbox", { name: "Read" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Write" }));
    await userEvent.selectOptions(screen.getByLabelText("How long it works"), "30 days");
    await userEvent.click(screen.getByRole("button", { name: "Make a key" }));
    expect(await screen.findByTestId("secret")).toHaveTextContent("avz_secret");
    expect(sent).toEqual([{ name: "Notebook", scopes: ["read", "write"], expires_in_days: 30 }]);
    expect(await screen.findByTestId("keys")).toHaveTextContent("May read and write");
    await userEvent.click(screen.getByRole("button", { name: "I have it" }));
    expect(screen.queryByTestId("secret")).toBeNull();
  });

  it("say when there may be no more keys", async () => {
    pretendApi({ ...ACCOUNT, "POST /api-keys": refusal(409, "too_many_keys") });
    open("/account/programs");
    await userEvent.click(await screen.findByRole("button", { name: "Make a key" }));
    await userEvent.type(screen.getByLabelText("Name"), "One more");
    await userEvent.click(screen.getByRole("button", { name: "Make a key" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Revoke one first");
  });
});

describe("privacy", () => {
  it("tells the consent of the young and leads to asking for it", async () => {
    pretendApi({ ...ACCOUNT, "GET /users/me": { body: { ...ME, birth_year: 2013, consent: "needed" } } });
    open("/account/privacy");
    expect(await screen.findByText(/Nobody has been asked yet/)).toBeVisible();
    expect(screen.getByRole("link", { name: "Ask for consent" })).toHaveAttribute(
      "href",
      expect.stringContaining("/guardian"),
    );
  });

  it("deletes the account with the password, and says goodbye", async () => {
    const routes = { ...ACCOUNT, "POST /users/me/delete": refusal(403, "wrong_password") } as Routes;
    const { sent } = watch(routes, "POST /users/me/delete");
    const router = open("/account/privacy");
    await userEvent.click(await screen.findByRole("button", { name: "Delete my account" }));
    await userEvent.click(screen.getByTestId("confirm"));
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByLabelText("Your present password"), "Speak-easy-9");
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByTestId("refusal")).toHaveTextContent("not your present password");

    routes["POST /users/me/delete"] = { status: 204 };
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByTestId("account-deleted")).toHaveTextContent("Your account is deleted");
    expect(router.state.location.pathname).toBe("/welcome");
    expect(sent.at(-1)).toEqual({ password: "Speak-easy-9" });
  });

  it("asks before a choice that removes older calls, and says when it is kept", async () => {
    const kept = { body: { ...RETENTION, own_days: 30, recording_days: 30, transcript_days: 30 } };
    const { sent } = watch({ ...ACCOUNT, "PUT /users/me/retention": kept }, "PUT /users/me/retention");
    open("/account/privacy");
    await userEvent.click(await screen.findByRole("radio", { name: "30 days" }));
    expect(sent).toEqual([]);
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByText("Saved.")).toBeVisible();
    expect(sent).toEqual([{ own_days: 30 }]);
    expect(screen.getByRole("radio", { name: "30 days" })).toBeChecked();
  });

  it("brings a deleted call back", async () => {
    const call = {
      id: "c1",
      session_id: "s1",
      started_at: "2026-11-12T17:00:00Z",
      ended_at: "2026-11-12T17:12:00Z",
      turn_count: 3,
      deleted_at: "2026-11-20T17:00:00Z",
      final_at: "2026-11-27T17:00:00Z",
    };
    const routes = { ...ACCOUNT, "GET /users/me/deleted-calls": list(call) } as Routes;
    routes["POST /calls/c1/restore"] = () => {
      routes["GET /users/me/deleted-calls"] = list();
      return { status: 204 };
    };
    pretendApi(routes);
    open("/account/privacy");
    await userEvent.click(await screen.findByRole("button", { name: /Bring back the call of/ }));
    expect(await screen.findByText("You have deleted no call.")).toBeVisible();
    expect(screen.getByText("The call is back among your past calls.")).toBeVisible();
  });

  it("says that a copy is on its way, and offers what is ready", async () => {
    const copy = {
      id: "e1",
      state: "making",
      progress: 40,
      size_bytes: null,
      created_at: "2026-11-20T17:00:00Z",
    };
    const routes = { ...ACCOUNT } as Routes;
    routes["POST /users/me/exports"] = () => {
      routes["GET /users/me/exports"] = list({ ...copy, ready_at: null, expires_at: null });
      return { status: 202, body: copy };
    };
    pretendApi(routes);
    open("/account/privacy");
    await userEvent.click(await screen.findByTestId("ask-copy"));
    expect(await screen.findByTestId("making")).toHaveTextContent("40 %");
    expect(screen.queryByTestId("ask-copy")).toBeNull();
  });
});
