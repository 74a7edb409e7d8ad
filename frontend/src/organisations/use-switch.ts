import { useQueryClient } from "@tanstack/react-query";
import { useChange } from "@/account/use-change";
import { useTalkEngine } from "@/talk/provider";
import { schoolApi } from "./organisations-api";

/** Forgets what was read for another organisation; what is on screen is asked for again. */
export function useForgetOrganisation(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    queries.removeQueries({ type: "inactive" });
    await queries.invalidateQueries();
  };
}

/** Acting under another organisation: a call ends first, for it belongs to the one it was begun in. */
export function useSwitch<Given extends { id: string }>(onSuccess?: (given: Given) => unknown) {
  const engine = useTalkEngine();
  const forget = useForgetOrganisation();
  return useChange(
    async (organisation: Given) => {
      await engine.hangUp();
      await schoolApi.choose(organisation.id);
    },
    async (_, organisation) => {
      await forget();
      await onSuccess?.(organisation);
    },
  );
}
