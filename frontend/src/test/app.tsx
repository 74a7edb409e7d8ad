/** The whole page over a pretended API, for tests that look at screens. */

import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { createApp } from "@/app";
import { rememberAccount } from "@/lib/known";

export interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Routes = Record<string, Reply | ((request: Request) => Reply)>;

export const USER = {
  id: "00000000-0000-0000-0000-000000000001",
  email: "maya@example.com",
  display_name: "Maya",
  role: "learner",
  locale: "en",
  level: "A2",
  native_language: null,
  organisation_id: "00000000-0000-0000-0000-000000000002",
  created_at: "2026-11-01T10:00:00Z",
  email_verified: true,
  pending_email: null,
  birth_year: 1990,
  age_needed: false,
  ai_disclosure_needed: false,
  consent: "not_needed",
};

export const SESSION = {
  id: "00000000-0000-0000-0000-00000000000a",
  mode: "conversation",
  summary: "",
  last_activity_at: null,
  call_count: 0,
  open_call: null,
  created_at: "2026-11-01T10:00:00Z",
};

export const PREFERENCES = {
  patience: "balanced",
  greeting_verbosity: "normal",
  correction_style: "recast",
  voice: null,
  translation: false,
  retention_days: null,
  voices: [],
};

export const ONBOARDING = {
  done: false,
  native_language: null,
  goal_kind: null,
  goal: null,
  correction_style: "recast",
  level: "A2",
  level_source: null,
};

/** To recording: refused. */
export const CONSENT = {
  version: "2026-11",
  asked: true,
  granted: false,
  adult_needed: false,
  granted_at: null,
  withdrawn_at: "2026-11-19T09:00:00Z",
  recordings: 0,
  possible: true,
};

export const SIGNED_IN: Routes = {
  "GET /users/me": { body: USER },
  "GET /users/me/preferences": { body: PREFERENCES },
  "GET /users/me/onboarding": { body: ONBOARDING },
  "GET /users/me/level": { body: { level: "A2", source: null, history: [] } },
  "GET /users/me/memory": { body: { items: [], summary: "" } },
  "GET /sessions/default": { body: SESSION },
  "GET /users/me/recording-consent": { body: CONSENT },
  "GET /users/me/listening": { body: { allowed: false, since: null } },
  "GET /users/me/news": { body: { new_comments: 0, open_assignments: 0, due_reviews: 0 } },
  "GET /users/me/comments": { body: { items: [], next_cursor: null } },
  "GET /users/me/assignments": { body: { items: [], next_cursor: null } },
  "GET /config": {
    body: { version: "0.1.0", embedded: false, demo_accounts: [], coach: "guided", sign_in_providers: [] },
  },
};

export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { error: { code, message: code, request_id: "req-1" } },
});

/** Answers by `METHOD /path`; what is not listed is refused as a stranger would be. */
export function pretendApi(routes: Routes): ReturnType<typeof vi.fn> {
  const answer = vi.fn(async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    const found = routes[`${request.method} ${path}`] ?? refusal(401, "unauthenticated");
    const { status = 200, body, headers = {} } = typeof found === "function" ? found(request) : found;
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/json", ...headers },
    });
  });
  vi.stubGlobal("fetch", answer);
  return answer;
}

/** Opens an address as someone who has signed in here before, or as a stranger. */
export function open(path: string, { known = true } = {}) {
  rememberAccount(known);
  const { queries, router } = createApp(createMemoryHistory({ initialEntries: [path] }));
  void queries().then((client) => {
    client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  });
  render(<RouterProvider router={router} />);
  return router;
}
