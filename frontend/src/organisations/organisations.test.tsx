import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseLocale } from "@/i18n";
import { open, pretendApi, type Routes, refusal, SIGNED_IN, USER } from "@/test/app";
import { keepInvitation, keptInvitation } from "./kept-invitation";

afterEach(() => {
  chooseLocale("en");
  keepInvitation(null);
  vi.unstubAllGlobals();
});

const TOKEN = "t".repeat(54);
const HOME = {
  id: "home",
  name: "Personal",
  kind: "personal",
  role: "learner",
  joined_at: "2026-01-01T10:00:00Z",
  current: true,
  programs: [],
};
const SCHOOL = { ...HOME, id: "school", name: "North School", kind: "school", role: "admin", current: false };
const OVERVIEW = {
  id: "school",
  name: "North School",
  kind: "school",
  created_at: "2026-01-01T10:00:00Z",
  learners: 2,
  instructors: 0,
  admins: 1,
  programs: 1,
};
const PROGRAM = {
  id: "p1",
  name: "Evening",
  description: "",
  archived: false,
  learners: 1,
  instructors: 0,
  created_at: "2026-01-01T10:00:00Z",
};
const TEO = {
  id: "teo",
  display_name: "Teo",
  email: "teo@example.com",
  role: "learner",
  joined_at: "2026-01-01T10:00:00Z",
  programs: [],
  consent: "needed",
};
const list = (...items: object[]) => ({ body: { items } });
const POLICY = {
  recording_days: null,
  transcript_days: null,
  installation_recording_days: null,
  installation_transcript_days: null,
};
const LEAD: Routes = {
  ...SIGNED_IN,
  "GET /users/me": { body: { ...USER, role: "admin" } },
  "GET /users/me/organisations": list(HOME, SCHOOL),
  "GET /organisation": { body: OVERVIEW },
  "GET /programs": list(PROGRAM),
  "GET /members": { body: { items: [TEO], next_cursor: null, total: 1 } },
  "GET /invitations": list(),
  "GET /school/retention": { body: POLICY },
};
const PREVIEW = {
  state: "open",
  organisation: "North School",
  program: null,
  role: "learner",
  email_hint: null,
};
const LOOKED: Routes = { "POST /invitations/look": { body: PREVIEW } };

/** What is sent to `METHOD /path`, body by body, beside the addresses asked. */
function watch(routes: Routes) {
  const sent: { name: string; body: unknown; search: string }[] = [];
  pretendApi(routes);
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const text = await request.clone().text();
    const name = `${request.method} ${url.pathname.replace("/api/v1", "")}`;
    sent.push({ name, body: text ? JSON.parse(text) : null, search: url.search });
    return fetch(request);
  });
  return { of: (name: string) => sent.filter((one) => one.name === name) };
}

describe("the school's own settings", () => {
  it("ask before older recordings go, and keep what was chosen", async () => {
    const saved = { ...POLICY, recording_days: 90 };
    const asked = watch({ ...LEAD, "PUT /school/retention": { body: saved } });
    open("/school/settings");
    await userEvent.selectOptions(await screen.findByLabelText("Recordings"), "90 days");
    await userEvent.click(screen.getByTestId("save-policy"));
    expect(asked.of("PUT /school/retention")).toEqual([]);
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByText("Saved.")).toBeVisible();
    expect(asked.of("PUT /school/retention").map((one) => one.body)).toEqual([
      { recording_days: 90, transcript_days: null },
    ]);
  });
});

describe("where one belongs", () => {
  it("switches to a school, and asks again for what was read for another", async () => {
    const routes: Routes = { ...LEAD, "PUT /users/me/organisation": { status: 204 } };
    const asked = watch(routes);
    open("/account/schools");
    const button = await screen.findByRole("button", { name: "Switch to North School" });
    const before = asked.of("GET /users/me/organisations").length;
    await userEvent.click(button);
    expect(await screen.findByText(/From now on you practise here: North School/)).toBeVisible();
    expect(asked.of("PUT /users/me/organisation").map((one) => one.body)).toEqual([
      { organisation_id: "school" },
    ]);
    expect(asked.of("GET /users/me/organisations").length).toBeGreaterThan(before);
  });

  it("asks before leaving, and says why the last administrator cannot", async () => {
    pretendApi({ ...LEAD, "DELETE /users/me/organisations/school": refusal(409, "last_admin") });
    open("/account/schools");
    await userEvent.click(await screen.findByRole("button", { name: "Leave North School" }));
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByTestId("refusal")).toHaveTextContent("at least one administrator");
  });
});

describe("the school", () => {
  it("is for its administrators", async () => {
    pretendApi({ ...LEAD, "GET /organisation": refusal(403, "forbidden") });
    open("/school/members");
    expect(await screen.findByRole("heading", { name: /administrators of a school/ })).toBeVisible();
  });

  it("finds people by what was typed, once the typing has stopped", async () => {
    const asked = watch(LEAD);
    open("/school/members");
    await userEvent.type(await screen.findByLabelText("Name or e-mail address"), "te%");
    await waitFor(() => expect(asked.of("GET /members").at(-1)?.search).toBe("?search=te%25"));
    expect(asked.of("GET /members").length).toBeLessThanOrEqual(3);
  });

  it("gives the school's consent where one is missing", async () => {
    const routes: Routes = { ...LEAD, "PUT /school/learners/teo/consent": { status: 204 } };
    const asked = watch(routes);
    open("/school/members");
    expect(await screen.findByTestId("consent-missing")).toHaveTextContent(
      "Joining the school is not enough",
    );
    routes["GET /members"] = {
      body: { items: [{ ...TEO, consent: "granted" }], next_cursor: null, total: 1 },
    };
    await userEvent.click(screen.getByRole("button", { name: "The school agrees to the practice of Teo" }));
    expect(await screen.findByTestId("consent-granted")).toBeVisible();
    expect(asked.of("PUT /school/learners/teo/consent")).toHaveLength(1);
  });

  it("lets a learner into a program, not as a teacher", async () => {
    const asked = watch({ ...LEAD, "PUT /programs/p1/members/teo": { status: 204 } });
    open("/school/members");
    await userEvent.click(await screen.findByRole("button", { name: "Programs of Teo" }));
    const choice = await within(screen.getByTestId("enrol")).findByLabelText("Evening");
    expect(within(choice).queryByRole("option", { name: "Teaches" })).toBeNull();
    await userEvent.selectOptions(choice, "Learns");
    await waitFor(() =>
      expect(asked.of("PUT /programs/p1/members/teo").map((one) => one.body)).toEqual([{ role: "learner" }]),
    );
  });

  it("invites every address once, and says which is none", async () => {
    const asked = watch({ ...LEAD, "POST /invitations/mails": { status: 201, body: { items: [{}, {}] } } });
    open("/school/invitations");
    const box = await screen.findByLabelText("E-mail addresses");
    await userEvent.type(box, "Ana@example.com, nobody");
    await userEvent.click(screen.getByRole("button", { name: "Send invitations" }));
    expect(await screen.findByText(/not an e-mail address: nobody/)).toBeVisible();
    await userEvent.clear(box);
    await userEvent.type(box, "Ana@example.com ana@example.com;bo@example.com");
    await userEvent.click(screen.getByRole("button", { name: "Send invitations" }));
    expect(await screen.findByText("2 invitations are on their way.")).toBeVisible();
    expect(asked.of("POST /invitations/mails").map((one) => one.body)).toEqual([
      {
        emails: ["ana@example.com", "bo@example.com"],
        role: "learner",
        program_id: null,
        expires_in_days: 14,
      },
    ]);
  });
});

describe("an invitation", () => {
  it("is kept for a stranger while they sign up, and its secret leaves the address", async () => {
    pretendApi({ "GET /config": SIGNED_IN["GET /config"] ?? {}, ...LOOKED });
    const router = open(`/join#token=${TOKEN}`, { known: false });
    const signUp = await screen.findByRole("link", { name: "Create an account" });
    expect(signUp).toHaveAttribute("href", "/sign-up?next=%2Fjoin");
    expect(router.state.location.hash).toBe("");
    expect(keptInvitation()).toBe(TOKEN);
  });

  it("is found again without its address, accepted, and then forgotten", async () => {
    keepInvitation(TOKEN);
    const joined = { organisation_id: "school", organisation: "North School", program: null };
    const asked = watch({ ...SIGNED_IN, ...LOOKED, "POST /invitations/accept": { body: joined } });
    open("/join");
    await userEvent.click(await screen.findByRole("button", { name: "Accept the invitation" }));
    expect(await screen.findByTestId("joined")).toHaveAttribute("data-waits", "false");
    expect(asked.of("POST /invitations/accept").map((one) => one.body)).toEqual([{ token: TOKEN }]);
    expect(keptInvitation()).toBeNull();
  });

  it("tells an under-age learner that an adult must still agree", async () => {
    const joined = { organisation_id: "school", organisation: "North School", program: null };
    pretendApi({
      ...SIGNED_IN,
      ...LOOKED,
      "GET /users/me": { body: { ...USER, birth_year: 2015, consent: "needed" } },
      "POST /invitations/accept": { body: joined },
    });
    open(`/join#token=${TOKEN}`);
    await userEvent.click(await screen.findByRole("button", { name: "Accept the invitation" }));
    expect(await screen.findByText(/an adult must agree/)).toBeVisible();
    expect(screen.getByRole("link", { name: "Ask a parent or guardian" })).toBeVisible();
  });

  it.each([
    ["used", /was used already/],
    ["expired", /has run out/],
    ["revoked", /was taken back/],
  ])("that is %s says so to a stranger", async (state, words) => {
    pretendApi({
      "GET /config": SIGNED_IN["GET /config"] ?? {},
      "POST /invitations/look": { body: { ...PREVIEW, state } },
    });
    open(`/join#token=${TOKEN}`, { known: false });
    expect(await screen.findByRole("heading", { name: words })).toBeVisible();
  });

  it("that was forwarded says whose it is, kindly, and is kept no longer", async () => {
    pretendApi({
      ...SIGNED_IN,
      "POST /invitations/look": { body: { ...PREVIEW, email_hint: "s…@example.com" } },
      "POST /invitations/accept": refusal(403, "invitation_for_another"),
    });
    open(`/join#token=${TOKEN}`);
    await userEvent.click(await screen.findByRole("button", { name: "Accept the invitation" }));
    expect(await screen.findByTestId("for-another")).toHaveTextContent("s…@example.com");
    expect(keptInvitation()).toBeNull();
  });

  it("that is not whole says what to do", async () => {
    pretendApi({ "GET /config": SIGNED_IN["GET /config"] ?? {} });
    open("/join#token=short", { known: false });
    expect(await screen.findByTestId("invitation-broken")).toBeVisible();
  });
});
