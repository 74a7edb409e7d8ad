import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError } from "@/lib/api";
import { defaultSessionQuery } from "@/lib/queries";
import { EXAMS_KEY, examsApi, type StartExam } from "./exams-api";

/** After an exam was begun or given up, what the pages know of it is asked for anew. */
function useForgettingExams() {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: EXAMS_KEY });
    return queries.fetchQuery(defaultSessionQuery);
  };
}

/** An exam is open already; no other one can be begun. */
export function isExamOpen(error: unknown): boolean {
  return error instanceof ApiError && error.code === "exam_open";
}

/** Begins an exam and leads to its call; where a call goes on, that one ends first. */
export function useStart() {
  const navigate = useNavigate();
  const forget = useForgettingExams();
  return useMutation({
    mutationFn: (wanted: StartExam) => examsApi.start(wanted),
    onSuccess: async () => {
      const session = await forget();
      if (session.open_call === null) await navigate({ to: "/" });
    },
    onError: async (error) => {
      if (isExamOpen(error)) await forget();
    },
  });
}

/** Gives an exam up for good. */
export function useGivingUp() {
  const forget = useForgettingExams();
  return useMutation({ mutationFn: (attemptId: string) => examsApi.stop(attemptId), onSuccess: forget });
}
