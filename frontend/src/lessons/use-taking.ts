import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { defaultSessionQuery } from "@/lib/queries";
import { LESSONS_KEY, lessonsApi } from "./lessons-api";

/** After a lesson was begun or left, what the pages know of it is asked for anew. */
export function useForgettingLessons() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: LESSONS_KEY }),
      queries.invalidateQueries({ queryKey: defaultSessionQuery.queryKey }),
    ]);
}

/** Begins a lesson, or takes it up again, and leads to the talk; a call that goes on must end first. */
export function useStart(lessonId: string) {
  const navigate = useNavigate();
  const forget = useForgettingLessons();
  return useMutation({
    mutationFn: ({ restart }: { restart: boolean }) => lessonsApi.start(lessonId, restart),
    onSuccess: async (taken) => {
      await forget();
      if (taken.takes_effect === "next_call") await navigate({ to: "/" });
    },
  });
}

/** Back to free talk. */
export function useLeave() {
  const forget = useForgettingLessons();
  return useMutation({ mutationFn: (attemptId: string) => lessonsApi.leave(attemptId), onSuccess: forget });
}
