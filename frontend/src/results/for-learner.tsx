import { Judgement } from "./judgement";
import { Progress } from "./progress";
import { type Assessment, type AttemptMarks, isUnderWay } from "./results-api";
import { Trend } from "./trend";

interface ForLearnerProps {
  assessment: Assessment;
  marks: AttemptMarks;
}

/** The learner's own result, with what a person gave beside it. */
export function ForLearner({ assessment, marks }: ForLearnerProps) {
  return (
    <>
      {isUnderWay(assessment.state) || assessment.state === "failed" ? (
        <Progress assessment={assessment} />
      ) : (
        <Judgement assessment={assessment} marks={marks} />
      )}
      <Trend learnerId={marks.mine ? null : marks.learner_id} attemptId={marks.attempt_id} />
    </>
  );
}
