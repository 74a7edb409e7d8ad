import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { currentLocale } from "@/i18n";
import { ApiError, api, type User } from "@/lib/api";
import { rememberAccount } from "@/lib/known";
import { waitsForConsent } from "./questions";

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  displayName: string;
  birthYear: number;
}

/** Signs in and goes where the learner was headed, with nothing of another account left in the cache. */
export function useSignIn(next: string | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: api.signIn,
    onSuccess: async () => {
      rememberAccount(true);
      queries.clear();
      await navigate({ href: next ?? "/" });
    },
  });
}

/** Creates the account and signs in; young learners are led to ask for consent. */
export function useSignUp(next: string | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const made = useRef<User | null>(null);
  return useMutation({
    mutationFn: async (given: NewAccount) => {
      const { email, password, displayName, birthYear } = given;
      const body = { email, password, display_name: displayName, birth_year: birthYear };
      const agreed = { locale: currentLocale(), ai_disclosure: true, terms: true } as const;
      // A second try after an account was made, but not signed in to, must not find its address taken.
      made.current = await api.register({ ...body, ...agreed }).catch((error: unknown) => {
        const own = error instanceof ApiError && error.code === "email_taken" ? made.current : null;
        if (own?.email !== email.toLowerCase()) throw error;
        return own;
      });
      await api.signIn({ email, password });
      return made.current;
    },
    onSuccess: async (user) => {
      rememberAccount(true);
      queries.clear();
      if (waitsForConsent(user)) await navigate({ to: "/guardian", search: next ? { next } : {} });
      // Who came for something, such as an invitation, is not kept from it.
      else if (next) await navigate({ href: next });
      else await navigate({ to: "/begin", search: {} });
    },
  });
}
