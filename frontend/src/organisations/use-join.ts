import { useQueryClient } from "@tanstack/react-query";
import { useChange } from "@/account/use-change";
import { ApiError } from "@/lib/api";
import { meQuery } from "@/lib/queries";
import { keepInvitation } from "./kept-invitation";
import { schoolApi } from "./organisations-api";

const OVER = /^invitation_(used|expired|revoked|for_another)$/;

/** Accepting an invitation. One that was answered, or cannot be, is kept no longer. */
export function useJoin(token: string | null) {
  const queries = useQueryClient();
  return useChange(
    async () => {
      try {
        return await schoolApi.accept(token ?? "");
      } catch (error) {
        if (error instanceof ApiError && OVER.test(error.code)) keepInvitation(null);
        throw error;
      }
    },
    async () => {
      keepInvitation(null);
      queries.removeQueries({
        predicate: ({ queryKey }) => queryKey[0] !== "invitation" && queryKey[0] !== "me",
      });
      await queries.refetchQueries({ queryKey: meQuery.queryKey });
    },
  );
}
