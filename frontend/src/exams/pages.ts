/** The pages about mock exams, which are one chunk. */

export { ExamPage } from "./exam-page";
export { ExamsPage } from "./exams-page";
