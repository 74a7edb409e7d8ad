import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Done } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { formatMoment } from "@/lib/format";
import { TextArea } from "@/organisations/text-area";
import { type Assessment, assessmentQuery, resultsApi } from "./results-api";

const MOST_NOTE = 1_000;
const POINTS = ["estimate", "wrong", "feelings"] as const;

interface HonestyProps {
  assessment: Assessment;
  /** The reader sat this exam. */
  mine: boolean;
}

/** What the scores are not, and the way to a person who looks at them. */
export function Honesty({ assessment, mine }: HonestyProps) {
  const { t } = useTranslation();
  return (
    <Section id="honesty" title={t("results.honesty")}>
      <ul className="grid max-w-prose list-disc gap-1.5 ps-5" data-testid="honesty">
        {POINTS.map((point) => (
          <li key={point}>{t(`results.honesty_${point}`)}</li>
        ))}
      </ul>
      <p>
        <Link to="/help/scores" className="font-semibold text-primary underline">
          {t("results.howScored")}
        </Link>
      </p>
      {mine && <AskReview assessment={assessment} />}
    </Section>
  );
}

function AskReview({ assessment }: { assessment: Assessment }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const id = assessment.attempt_id;
  const ask = useChange(
    () => resultsApi.askReview(id, note),
    async () => {
      await queries.invalidateQueries({ queryKey: assessmentQuery(id).queryKey });
      setAsking(false);
    },
  );
  const asked = assessment.review;
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      {asked && (
        <p data-testid="review-asked">
          {t("results.reviewAsked")}{" "}
          <time dateTime={asked.asked_at}>{formatMoment(asked.asked_at, i18n.language)}</time>
        </p>
      )}
      {asking ? (
        <div className="grid gap-3">
          <TextArea
            label={t("results.reviewNote")}
            hint={t("results.reviewNoteHint")}
            rows={3}
            dir="auto"
            maxLength={MOST_NOTE}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          {ask.isError && (
            <p role="alert" className="text-sm text-danger">
              {t(errorKey(ask.error))}
            </p>
          )}
          <div className="flex flex-wrap gap-2">
            <Button busy={ask.isPending} onClick={() => ask.mutate()} data-testid="send-review">
              {t("results.reviewSend")}
            </Button>
            <Button look="secondary" onClick={() => setAsking(false)}>
              {t("results.cancel")}
            </Button>
          </div>
        </div>
      ) : (
        !asked && (
          <div className="grid justify-items-start gap-2">
            <p>{t("results.reviewLead")}</p>
            <Button look="secondary" onClick={() => setAsking(true)} data-testid="ask-review">
              {t("results.reviewAsk")}
            </Button>
          </div>
        )
      )}
      <Done>{ask.isSuccess && t("results.reviewDone")}</Done>
    </div>
  );
}
