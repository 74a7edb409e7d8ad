/** The exam's clock on the screen: counts down by the page's steady clock, so that the device's may be changed. */

import { useEffect, useRef, useState } from "react";
import type { ToldExam } from "./shown";

const TICK_MS = 200;

/** Seconds left at which it is said aloud for those who do not see the clock. */
const SAID_AT_S = [60, 30, 10] as const;

/** Seconds left of the running phase; `stands` holds it where it is. */
export function useRemaining(exam: ToldExam, stands: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  const held = useRef(exam.remaining_s);
  useEffect(() => {
    setNow(performance.now());
    if (stands) return;
    const ticking = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(ticking);
  }, [stands]);
  if (exam.paused || exam.state !== "running") held.current = exam.remaining_s;
  else if (!stands) {
    held.current = Math.max(0, exam.remaining_s - Math.max(0, now - exam.told_at) / 1000);
  }
  return held.current;
}

/** How much is left, at the few moments when it is worth a word; null until the first of a phase. */
export function useSaidRemaining(remaining: number, length: number, phase: number | null): number | null {
  const reached = SAID_AT_S.findLast((mark) => remaining <= mark && mark < length) ?? null;
  const [said, setSaid] = useState<{ phase: number | null; mark: number | null }>({ phase, mark: reached });
  useEffect(() => {
    setSaid((before) =>
      before.phase === phase && before.mark === reached ? before : { phase, mark: reached },
    );
  }, [phase, reached]);
  return said.phase === phase ? said.mark : null;
}
