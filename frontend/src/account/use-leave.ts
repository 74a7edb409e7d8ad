import { useQueryClient } from "@tanstack/react-query";
import { type NavigateOptions, useNavigate } from "@tanstack/react-router";
import { rememberAccount } from "@/lib/known";
import { useTalkEngine } from "@/talk/provider";

/** The way out of an account that this browser is signed in to no longer: nothing of it stays here. */
export function useLeave() {
  const engine = useTalkEngine();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return {
    endCall: () => engine.hangUp(),
    to: async (page: NavigateOptions) => {
      rememberAccount(false);
      await navigate(page);
      queries.clear();
    },
  };
}
