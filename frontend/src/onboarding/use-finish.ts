import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useChange } from "@/account/use-change";
import { meQuery } from "@/lib/queries";
import { levelQuery, onboarding, onboardingQuery } from "./onboarding-api";

export type Finish = ReturnType<typeof useFinish>;

/** Ends the questions, whether or not they were answered, and goes where the learner was headed. */
export function useFinish() {
  const { next } = useSearch({ from: "/data/begin" });
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useChange(
    () => onboarding.update({ done: true }),
    async () => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      queries.removeQueries({ queryKey: onboardingQuery.queryKey });
      queries.removeQueries({ queryKey: levelQuery.queryKey });
      await navigate({ href: next ?? "/" });
    },
  );
}
