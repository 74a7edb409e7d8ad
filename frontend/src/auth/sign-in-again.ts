import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback } from "react";
import { meQuery } from "@/lib/queries";

/** To the sign-in page and, after it, back to here. */
export function useSignInAgain(): () => void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const here = useRouterState({ select: (state) => state.location.href });
  return useCallback(() => {
    queries.removeQueries({ queryKey: meQuery.queryKey });
    void navigate({ to: "/sign-in", search: { next: here, expired: true } });
  }, [navigate, queries, here]);
}
