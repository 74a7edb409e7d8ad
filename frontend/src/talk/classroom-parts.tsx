/** What a call shows and offers beside the words: brought when there is a call. */

import { later } from "@/components/later";
import { openVolume } from "@/i18n";

const fetchRoom = () => import("./classroom");

/** The lesson and what it shows. */
export const LessonArea = later("classroom", async () => (await fetchRoom()).LessonArea);

/** Repeat, slower, hint, skip, stop. */
export const CommandBar = later("classroom", async () => (await fetchRoom()).CommandBar);

/** The exam: its parts, its clock, the running task. */
export const ExamArea = later("sitting", async () => {
  const [found] = await Promise.all([import("./exam-area"), openVolume("classroom")]);
  return found.ExamArea;
});

/** That the exam is over, and the way to its results. */
export const ExamOver = later("sitting", async () => (await import("./exam-area")).ExamOver);

/** Corrections and sources under a caption. */
export const CaptionNotes = later("classroom", async () => (await fetchRoom()).CaptionNotes);
