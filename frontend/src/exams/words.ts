/** Sentences that are put together from what the API says. */

import type { Translate } from "@/i18n";
import { formatClock } from "@/lib/format";
import type { Attempt, Exam, Judged } from "./exams-api";

/** A length as people say it: `40 seconds`, `2 minutes`, `1:30 minutes`. */
export function lengthWords(t: Translate, seconds: number): string {
  if (seconds < 60) return t("exams.seconds", { count: seconds });
  if (seconds % 60 === 0) return t("exams.minutes", { count: seconds / 60 });
  return t("exams.clock", { time: formatClock(seconds) });
}

/** The name of an exam, which its levels make. */
export function examName(t: Translate, exam: Pick<Exam, "from_level" | "target_level">): string {
  return t("exams.name", { from: exam.from_level, to: exam.target_level });
}

/** What became of an attempt: its state, and once it is judged the level that was shown. */
export function outcomeWords(t: Translate, attempt: Attempt, judged: Judged | undefined): string {
  if (judged === undefined) return t(`exams.state_${attempt.state}`);
  if (judged.state !== "ready") return t(`exams.judging_${judged.state}`);
  if (judged.level === null) return t("exams.notEnough");
  if (judged.level === "below_A1") return t("exams.belowA1");
  return t("exams.about", { level: judged.level });
}

/** The exam for a learner's level: the one that begins there, else the one that leads there. */
export function recommended(exams: readonly Exam[], level: string | null | undefined): Exam | undefined {
  if (!level) return undefined;
  return exams.find((exam) => exam.from_level === level) ?? exams.find((exam) => exam.target_level === level);
}
