import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { currentLocale } from "@/i18n";
import { ApiError, api } from "@/lib/api";
import { rememberAccount } from "@/lib/known";

export interface Credentials {
  email: string;
  password: string;
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

/** Creates the account, keeps the language it was created in, and signs in. */
export function useSignUp(next: string | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (given: Credentials & { displayName: string }) => {
      const { email, password, displayName } = given;
      await api.register({ email, password, display_name: displayName });
      await api.signIn({ email, password });
      // The account works without it; the language can be chosen again at any time.
      await api.updateMe({ locale: currentLocale() }).catch(() => undefined);
    },
    onSuccess: async () => {
      rememberAccount(true);
      queries.clear();
      await navigate({ href: next ?? "/" });
    },
  });
}

export function authErrorKey(error: unknown) {
  if (!(error instanceof ApiError)) return "errors.unexpected" as const;
  if (error.status === 0) return "errors.network" as const;
  if (error.status === 429) return "errors.rate_limited" as const;
  if (error.status >= 500) return "errors.server" as const;
  if (error.status === 409 || error.code === "email_taken") return "auth.emailTaken" as const;
  if (error.code === "weak_password") return "auth.weakPassword" as const;
  if (error.status === 401 || error.code === "bad_credentials") return "auth.badCredentials" as const;
  return "auth.invalid" as const;
}
