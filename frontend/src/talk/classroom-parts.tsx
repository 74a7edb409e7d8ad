/** What a call shows and offers beside the words: brought when there is a call. */

import { later } from "@/components/later";

const fetchRoom = () => import("./classroom");

/** The lesson and what it shows. */
export const LessonArea = later("classroom", async () => (await fetchRoom()).LessonArea);

/** Repeat, slower, hint, skip, stop. */
export const CommandBar = later("classroom", async () => (await fetchRoom()).CommandBar);

/** Corrections and sources under a caption. */
export const CaptionNotes = later("classroom", async () => (await fetchRoom()).CaptionNotes);
