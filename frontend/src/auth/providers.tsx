/** Signing in by an account elsewhere: the buttons, and what went wrong there. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { buttonClass } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import type { PublicConfig } from "@/lib/api";
import { rememberAccount } from "@/lib/known";
import { configQuery } from "@/lib/queries";
import type { OAuthError } from "./search";

type Provider = PublicConfig["sign_in_providers"][number];

function useProviders(): readonly Provider[] {
  return useQuery(configQuery).data?.sign_in_providers ?? [];
}

function startOf(provider: Provider["name"], next: string | undefined): string {
  const query = next ? `?${new URLSearchParams({ next })}` : "";
  return `/api/v1/auth/oauth/${provider}/start${query}`;
}

/** One button a provider; nothing where none is configured. */
export function ProviderButtons({ next }: { next: string | undefined }) {
  const { t } = useTranslation();
  const providers = useProviders();
  if (providers.length === 0) return null;
  return (
    <div className="grid gap-4" data-testid="providers">
      <p className="flex items-center gap-3 text-sm text-quiet before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
        {t("auth.or")}
      </p>
      <ul className="grid gap-2">
        {providers.map(({ name, title }) => (
          <li key={name}>
            <a
              href={startOf(name, next)}
              // Whoever comes back signed in is to be led in, not greeted as a stranger.
              onClick={() => rememberAccount(true)}
              className={buttonClass("secondary", "w-full min-h-12")}
            >
              <ProviderMark name={name} />
              {t("auth.continueWith", { provider: title })}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where the way in is the account's own password, which may be forgotten. */
const BY_PASSWORD: readonly OAuthError[] = [
  "oauth_address_taken",
  "oauth_confirm_first",
  "oauth_password_changed",
];

/** Why the provider's way in did not lead in. */
export function OAuthFailure({ error, provider }: { error: OAuthError; provider: string | undefined }) {
  const { t } = useTranslation();
  const title = useProviders().find(({ name }) => name === provider)?.title;
  const forgotten = BY_PASSWORD.includes(error);
  return (
    <Message
      tone={error === "oauth_refused" ? "warning" : "danger"}
      urgent
      testId={error}
      actions={
        forgotten && (
          <Link to="/forgot" className={buttonClass("secondary")}>
            {t("auth.forgotAction")}
          </Link>
        )
      }
    >
      {t(`auth.${error}`, { provider: title ?? t("auth.otherAccount") })}
    </Message>
  );
}

function ProviderMark({ name }: { name: Provider["name"] }) {
  if (name === "google") return <GoogleMark />;
  if (name === "microsoft") return <MicrosoftMark />;
  if (name === "facebook") return <FacebookMark />;
  return <KeyRound aria-hidden className="size-5" />;
}

function GoogleMark() {
  return (
    <svg viewBox="0 0 48 48" aria-hidden className="size-5">
      <path
        fill="#EA4335"
        d="M24 9.5c3.5 0 6.7 1.2 9.2 3.6l6.9-6.9C35.9 2.4 30.5 0 24 0 14.6 0 6.5 5.4 2.6 13.2l8 6.2C12.5 13.7 17.7 9.5 24 9.5z"
      />
      <path
        fill="#4285F4"
        d="M47 24.6c0-1.6-.2-3.1-.4-4.6H24v9h12.9c-.6 3-2.2 5.5-4.8 7.2l7.7 6C44.4 38 47 31.8 47 24.6z"
      />
      <path fill="#FBBC05" d="M10.5 28.6a14.5 14.5 0 0 1 0-9.2l-8-6.2a24 24 0 0 0 0 21.6l8-6.2z" />
      <path
        fill="#34A853"
        d="M24 48c6.5 0 11.9-2.1 15.9-5.8l-7.7-6c-2.2 1.5-4.9 2.3-8.2 2.3-6.3 0-11.6-4.2-13.5-9.9l-8 6.2C6.5 42.6 14.6 48 24 48z"
      />
    </svg>
  );
}

function MicrosoftMark() {
  return (
    <svg viewBox="0 0 21 21" aria-hidden className="size-5">
      <path fill="#F25022" d="M0 0h10v10H0z" />
      <path fill="#7FBA00" d="M11 0h10v10H11z" />
      <path fill="#00A4EF" d="M0 11h10v10H0z" />
      <path fill="#FFB900" d="M11 11h10v10H11z" />
    </svg>
  );
}

function FacebookMark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className="size-5">
      <circle cx="12" cy="12" r="12" fill="#0866FF" />
      <path
        fill="#fff"
        d="M16.7 15.5l.5-3.5h-3.3V9.8c0-1 .5-1.9 2-1.9h1.5v-3s-1.4-.2-2.7-.2c-2.7 0-4.5 1.6-4.5 4.6V12H7.1v3.5h3.1V24a12.4 12.4 0 0 0 3.7 0v-8.5z"
      />
    </svg>
  );
}
