import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";

interface AttemptLinkProps {
  attemptId: string;
  learnerName: string;
  title: string;
  satAt: string;
}

/** Whose exam, which one and when; the name leads to its result. */
export function AttemptLink({ attemptId, learnerName, title, satAt }: AttemptLinkProps) {
  const { i18n } = useTranslation();
  return (
    <div className="grid min-w-0 gap-0.5">
      <Link
        to="/exams/attempts/$attemptId"
        params={{ attemptId }}
        className="flex min-h-11 items-center justify-self-start font-semibold text-primary hover:underline"
      >
        <span translate="no" dir="auto" className="min-w-0 break-words">
          {learnerName}
        </span>
      </Link>
      <p className="text-sm text-quiet">
        <span lang="en" translate="no">
          {title}
        </span>
        {" · "}
        <time dateTime={satAt}>{formatMoment(satAt, i18n.language)}</time>
      </p>
    </div>
  );
}
