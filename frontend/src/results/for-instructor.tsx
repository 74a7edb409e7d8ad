import { Link } from "@tanstack/react-router";
import { Eye } from "lucide-react";
import { Section } from "@/account/section";
import { Button, buttonClass } from "@/components/button";
import { CallPlayer } from "@/components/call-player";
import { useTranslation } from "@/i18n";
import { Judgement } from "./judgement";
import { MarkRow } from "./mark-row";
import { Progress } from "./progress";
import type { Assessment, AttemptMarks } from "./results-api";
import { Trend } from "./trend";
import { callsOf, DIMENSIONS } from "./words";

interface ReviewedProps {
  assessment: Assessment;
  marks: AttemptMarks;
}

interface ForInstructorProps extends ReviewedProps {
  /** Whether the machine's scores may be seen. */
  revealed: boolean;
  onReveal: () => void;
}

/** A learner's result under review: one's own marks first, then the machine's beside them. */
export function ForInstructor({ assessment, marks, revealed, onReveal }: ForInstructorProps) {
  const { t } = useTranslation();
  const scored = assessment.state === "ready";
  return (
    <>
      <OwnMarks assessment={assessment} marks={marks} blind={scored && !revealed} />
      {!scored ? (
        <Progress assessment={assessment} />
      ) : revealed ? (
        <Judgement assessment={assessment} marks={marks} />
      ) : (
        <section
          className="grid justify-items-start gap-3 rounded-card border border-dashed border-line p-4 sm:p-6"
          data-testid="hidden-judgement"
        >
          <h2 className="text-xl font-semibold">{t("results.hidden")}</h2>
          <p className="max-w-prose text-quiet">{t("results.hiddenBody")}</p>
          <Button look="secondary" onClick={onReveal} data-testid="reveal">
            <Eye aria-hidden className="size-4" />
            {t("results.reveal")}
          </Button>
        </section>
      )}
      {revealed && <Trend learnerId={marks.learner_id} attemptId={marks.attempt_id} />}
    </>
  );
}

function OwnMarks({ assessment, marks, blind }: ReviewedProps & { blind: boolean }) {
  const { t } = useTranslation();
  const calls = callsOf(assessment);
  return (
    <Section id="own-marks" title={t("results.ownMarks")} lead={t("results.ownMarksLead")}>
      {blind && assessment.sound === "kept" && calls.map((id) => <CallPlayer key={id} callId={id} />)}
      {calls.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {calls.map((callId) => (
            <Link
              key={callId}
              to="/review/calls/$callId"
              params={{ callId }}
              className={buttonClass("secondary")}
            >
              {t("results.openCall")}
            </Link>
          ))}
        </div>
      )}
      <ul className="grid divide-y divide-line" data-testid="own-marks">
        {DIMENSIONS.map((dimension) => (
          <li key={dimension} className="py-3 first:pt-0 last:pb-0">
            <MarkRow attempt={marks} dimension={dimension} blind={blind} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
