import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { chooseLocale } from "@/i18n";
import { open, pretendApi, type Routes, refusal, SIGNED_IN, USER } from "@/test/app";

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.open = false;
  };
});

afterEach(() => {
  chooseLocale("en");
  vi.unstubAllGlobals();
});

const SCHOOL_ID = "00000000-0000-0000-0000-0000000000b1";
const as = (more: object): Routes => ({ ...SIGNED_IN, "GET /users/me": { body: { ...USER, ...more } } });
const page = (...items: object[]) => ({ body: { items, next_cursor: null } });

/** The bodies of what is sent besides reading, by `METHOD /path`. */
function changes(routes: Routes): Record<string, unknown[]> {
  const sent: Record<string, unknown[]> = {};
  pretendApi(routes);
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (request: Request) => {
    const name = `${request.method} ${new URL(request.url).pathname.replace("/api/v1", "")}`;
    if (request.method !== "GET") {
      const text = await request.clone().text();
      sent[name] = [...(sent[name] ?? []), text ? JSON.parse(text) : null];
    }
    return fetch(request);
  });
  return sent;
}

async function menu() {
  await userEvent.click(await screen.findByTestId("settings"));
  return within(screen.getByTestId("settings-panel"));
}

describe("the way to administration", () => {
  it.each([
    ["a learner", { role: "learner", operator: false }, false],
    ["an instructor", { role: "instructor", operator: false }, false],
    ["an administrator", { role: "admin", operator: false }, true],
    ["an operator", { role: "learner", operator: true }, true],
  ])("of %s", async (_who, more, shown) => {
    pretendApi(as(more));
    open("/");
    const panel = await menu();
    await screen.findByTestId("call-button");
    expect(panel.queryByRole("link", { name: "Administration" }) !== null).toBe(shown);
  });

  it("is explained to whoever has typed it and runs nothing", async () => {
    pretendApi(as({ role: "instructor" }));
    open("/admin");
    expect(await screen.findByRole("heading", { name: "This is for administrators" })).toBeVisible();
    expect(screen.queryByTestId("administration-nav")).toBeNull();
  });

  it("leads an administrator to what an organisation has, and no further", async () => {
    pretendApi({ ...as({ role: "admin" }), "GET /admin/users": page() });
    open("/admin/people");
    const links = within(await screen.findByTestId("administration-nav")).getAllByRole("link");
    expect(links.map((link) => link.textContent)).toEqual(["Overview", "People", "Settings", "Audit log"]);
    expect(await screen.findByText("There is nobody yet.")).toBeVisible();
  });
});

const PERSON = {
  id: "00000000-0000-0000-0000-000000000102",
  email: "maya@example.com",
  display_name: "<b>Maya</b>",
  created_at: "2026-11-01T10:00:00Z",
  last_login_at: null,
  is_active: true,
  email_verified: true,
  is_operator: false,
  places: [{ organisation_id: SCHOOL_ID, organisation_name: "Lakeside", kind: "school", role: "learner" }],
};

describe("people", () => {
  const routes: Routes = {
    ...as({ operator: true }),
    "GET /admin/users": page(PERSON),
    [`PUT /admin/users/${PERSON.id}/role`]: refusal(409, "last_admin"),
    [`POST /admin/users/${PERSON.id}/deactivate`]: { status: 204 },
  };

  it("get another role only after a question, and a refusal is said in words", async () => {
    const sent = changes(routes);
    open("/admin/people");
    await userEvent.click(await screen.findByRole("button", { name: /<b>Maya<\/b>/ }));
    await userEvent.selectOptions(screen.getByTestId("role"), "instructor");
    expect(sent).toEqual({});
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByTestId("refusal")).toBeVisible();
    expect(sent).toEqual({
      [`PUT /admin/users/${PERSON.id}/role`]: [{ role: "instructor", organisation_id: SCHOOL_ID }],
    });
  });

  it("lose their account only after a question", async () => {
    const sent = changes(routes);
    open("/admin/people");
    await userEvent.click(await screen.findByRole("button", { name: /<b>Maya<\/b>/ }));
    await userEvent.click(screen.getByRole("button", { name: "Close the account" }));
    await userEvent.click(screen.getByRole("button", { name: "Leave it as it is" }));
    expect(sent).toEqual({});
    await userEvent.click(screen.getByRole("button", { name: "Close the account" }));
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByText("The account is closed.")).toBeVisible();
    expect(Object.keys(sent)).toEqual([`POST /admin/users/${PERSON.id}/deactivate`]);
  });
});

describe("an organisation", () => {
  const organisation = {
    id: SCHOOL_ID,
    name: "Lakeside",
    kind: "school",
    created_at: "2026-11-01T10:00:00Z",
    suspended_at: null,
    suspension_reason: null,
    members: 3,
    calls_last_30_days: 1,
    last_call_at: null,
  };

  it("is suspended with a reason and never without", async () => {
    const path = `PUT /admin/organisations/${SCHOOL_ID}/suspension`;
    const sent = changes({
      ...as({ operator: true }),
      "GET /admin/organisations": page(organisation),
      [path]: { status: 204 },
    });
    open("/admin/organisations");
    await userEvent.click(await screen.findByRole("button", { name: "Suspend" }));
    await userEvent.click(screen.getByTestId("confirm"));
    expect(screen.getByText("Say why.")).toBeVisible();
    expect(sent).toEqual({});
    await userEvent.type(screen.getByLabelText("Reason"), "Unpaid");
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByText("Lakeside is suspended.")).toBeVisible();
    expect(sent).toEqual({ [path]: [{ reason: "Unpaid" }] });
  });
});

describe("a setting", () => {
  const setting = {
    key: "maximum_calls",
    kind: "number",
    description: "",
    per_organisation: true,
    default: null,
    value: 4,
    installation_value: 4,
    effective: 4,
  };

  it("takes whole numbers alone, and nothing for the default", async () => {
    const path = "PUT /admin/settings/maximum_calls";
    const sent = changes({
      ...as({ operator: true }),
      "GET /admin/settings": { body: { organisation_id: null, items: [setting] } },
      [path]: { status: 204 },
    });
    open("/admin/settings");
    const box = await screen.findByLabelText("Number");
    await userEvent.clear(box);
    await userEvent.type(box, "4.5");
    await userEvent.click(screen.getByRole("button", { name: "Change" }));
    expect(screen.getByText("Give a whole number from 0 to 100000.")).toBeVisible();
    await userEvent.clear(box);
    await userEvent.click(screen.getByRole("button", { name: "Change" }));
    await userEvent.click(screen.getByTestId("confirm"));
    expect(await screen.findByText("Changed.")).toBeVisible();
    expect(sent).toEqual({ [path]: [{ value: null }] });
  });
});
