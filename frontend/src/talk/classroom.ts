/** One chunk for all that a call shows beside the words. */

export { CaptionNotes } from "./caption-notes";
export { CommandBar } from "./command-bar";
export { LessonArea } from "./lesson-area";
