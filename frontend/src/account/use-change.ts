import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useSignInAgain } from "@/auth/sign-in-again";
import { isSessionExpired } from "@/lib/queries";

/** A change to the account. Where the sign-in has ended meanwhile, signing in leads back to here. */
export function useChange<Given = void, Back = unknown>(
  change: (given: Given) => Promise<Back>,
  onSuccess?: (back: Back, given: Given) => unknown,
): UseMutationResult<Back, Error, Given> {
  const signInAgain = useSignInAgain();
  return useMutation({
    mutationFn: change,
    onSuccess: (back, given) => onSuccess?.(back, given),
    onError: (error) => {
      if (isSessionExpired(error)) signInAgain();
    },
  });
}
