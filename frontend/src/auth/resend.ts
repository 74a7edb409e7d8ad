import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError, client, done } from "@/lib/api";
import { meQuery } from "@/lib/queries";

/** Mails the link that confirms the address once more. That it is confirmed by now is no failure. */
export function useResend() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => done(client.POST("/api/v1/auth/verify/resend")),
    onError: (error) => {
      if (error instanceof ApiError && error.code === "already_verified") {
        void queries.invalidateQueries({ queryKey: meQuery.queryKey });
      }
    },
  });
}
