import { PenLine } from "lucide-react";
import { useState } from "react";
import { Section } from "@/account/section";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { Composer } from "./composer";
import { type CallReview, reviewApi } from "./review-api";
import { Thread } from "./thread";

/** What the learner is told about the call as a whole. */
export function NotesSection({ review, onChanged }: { review: CallReview; onChanged: () => unknown }) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState(false);
  const notes = review.comments.filter((comment) => comment.turn_id === null);
  const roots = notes.filter((comment) => comment.parent_id === null);
  return (
    <Section id="notes" title={t("review.notes")} lead={t("review.notesLead")}>
      {roots.length === 0 && !writing && <p className="text-quiet">{t("review.notesEmpty")}</p>}
      {roots.map((root) => (
        <Thread
          key={root.id}
          comment={root}
          answers={notes.filter((comment) => comment.parent_id === root.id)}
        />
      ))}
      {writing ? (
        <Composer
          label={t("review.notes")}
          action={t("review.commentSend")}
          send={(text) => reviewApi.comment(review.call.id, { text })}
          onSent={() => {
            setWriting(false);
            void onChanged();
          }}
          onCancel={() => setWriting(false)}
        />
      ) : (
        <Button
          look="secondary"
          className="justify-self-start"
          data-testid="note"
          onClick={() => setWriting(true)}
        >
          <PenLine aria-hidden className="size-4" />
          {t("review.noteWrite")}
        </Button>
      )}
    </Section>
  );
}
