import { Flag, MessageSquareReply } from "lucide-react";
import { useTranslation } from "@/i18n";

interface MarkProps {
  icon: typeof Flag;
  count: number;
  words: string;
}

function Mark({ icon: Icon, count, words }: MarkProps) {
  return (
    <span
      title={words}
      className="inline-flex items-center gap-1 rounded-full bg-learner-soft px-2 text-sm font-semibold text-learner"
    >
      <Icon aria-hidden className="size-3.5" />
      <span aria-hidden>{count}</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

/** What waits for an instructor: open flags and unread answers; nothing where nothing waits. */
export function LearnerMarks({ flags, answers }: { flags: number; answers: number }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-wrap gap-1.5">
      {flags > 0 && <Mark icon={Flag} count={flags} words={t("review.openFlags", { count: flags })} />}
      {answers > 0 && (
        <Mark icon={MessageSquareReply} count={answers} words={t("review.newAnswers", { count: answers })} />
      )}
    </span>
  );
}
