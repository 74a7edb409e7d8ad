/** What the frame says of instructors and reviews. */

import { later } from "./later";

/** How much waits for the learner, beside the name of the page where it is. */
export const NewsMark = later("feedback", async () => (await import("@/history/news-mark")).NewsMark);

/** How many items are due for review, beside the name of the page where they are. */
export const DueMark = later("feedback", async () => (await import("@/practice/due-mark")).DueMark);

/** That an instructor listens in. */
export const Listened = later("feedback", async () => (await import("@/talk/listened")).Listened);
