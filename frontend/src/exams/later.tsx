import { later } from "@/components/later";
import { openVolume } from "@/i18n";

const Open = later("exams", async () => {
  const [found] = await Promise.all([import("./open-exam"), openVolume("account")]);
  return found.OpenExam;
});

/** Which exam the call that is about to begin brings. */
export function ExamOfNextCall() {
  return <Open talking />;
}

/** Extra time in mock exams, on the page of a learner, which opens the account's texts itself. */
export const LearnerExtraTime = later("exams", async () => (await import("./extra-time")).ExtraTime);
