/** One sitting of reviews: what is left, what was done, and the last grading, which can be taken back. */

import type { Rating, ReviewItem } from "./practice-api";

/** What is due again so soon is asked for in the same sitting. */
const SOON_MS = 20 * 60_000;

interface LastGrading {
  item: ReviewItem;
  gradingId: string;
  rating: Rating;
}

export interface Round {
  queue: ReviewItem[];
  done: number;
  last: LastGrading | null;
  nextDueAt: string | null;
}

export type Step =
  | {
      kind: "graded";
      graded: ReviewItem;
      before: ReviewItem;
      gradingId: string;
      rating: Rating;
      now: number;
      nextDueAt: string | null;
    }
  | { kind: "undone"; item: ReviewItem }
  | { kind: "dropped"; itemId: string };

export function begin(items: ReviewItem[], nextDueAt: string | null): Round {
  return { queue: items, done: 0, last: null, nextDueAt };
}

export function step(round: Round, taken: Step): Round {
  const without = (itemId: string) => round.queue.filter((one) => one.id !== itemId);
  if (taken.kind === "dropped") return { ...round, queue: without(taken.itemId), last: null };
  if (taken.kind === "undone") {
    return { ...round, queue: [taken.item, ...without(taken.item.id)], done: round.done - 1, last: null };
  }
  const { graded, before, gradingId, rating } = taken;
  const again = Date.parse(graded.due_at) - taken.now < SOON_MS;
  return {
    queue: again ? [...without(graded.id), graded] : without(graded.id),
    done: round.done + 1,
    last: { item: before, gradingId, rating },
    nextDueAt: taken.nextDueAt,
  };
}
