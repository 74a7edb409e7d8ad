/** What only the pages round signing up ask of the API. */

import type { paths } from "@/api";
import { client, done, read } from "@/lib/api";

type Look = paths["/api/v1/consent/look"]["post"]["responses"][200]["content"]["application/json"];

/** What a guardian's link is about. */
export type ConsentQuestion = Look;

export const authApi = {
  verify: (token: string) => done(client.POST("/api/v1/auth/verify", { body: { token } })),
  forgotPassword: (email: string) => done(client.POST("/api/v1/auth/forgot-password", { body: { email } })),
  resetPassword: (token: string, password: string) =>
    done(client.POST("/api/v1/auth/reset-password", { body: { token, password } })),
  confirmEmail: (token: string) => done(client.POST("/api/v1/auth/confirm-email", { body: { token } })),
  askGuardian: (email: string) => done(client.POST("/api/v1/users/me/guardian", { body: { email } })),
  lookAtConsent: (token: string) =>
    read<ConsentQuestion>(client.POST("/api/v1/consent/look", { body: { token } })),
  answerConsent: (token: string, granted: boolean) =>
    done(client.POST("/api/v1/consent", { body: { token, granted } })),
};
