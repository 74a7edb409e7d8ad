import clsx from "clsx";
import { useTranslation } from "@/i18n";
import { RATINGS, type Rating, type Said } from "./practice-api";

/** What fits what was heard; the learner decides. */
export const SUGGESTED: Record<Said["verdict"], Rating> = {
  match: "good",
  close: "hard",
  different: "again",
};

interface GradesProps {
  suggested: Rating | null;
  busy: boolean;
  onGrade: (rating: Rating) => void;
}

/** How well it came: four buttons, and the keys 1 to 4 within the card. */
export function Grades({ suggested, busy, onGrade }: GradesProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="grid gap-2" data-testid="grades" aria-busy={busy || undefined}>
      <legend className="mb-2 font-semibold">{t("practice.howWell")}</legend>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {RATINGS.map((rating, place) => (
          <button
            key={rating}
            type="button"
            aria-keyshortcuts={String(place + 1)}
            aria-disabled={busy || undefined}
            data-testid={`grade-${rating}`}
            onClick={() => !busy && onGrade(rating)}
            className={clsx(
              "grid min-h-14 content-center justify-items-center rounded-2xl border-2 bg-surface px-3 py-2 hover:border-primary aria-disabled:opacity-55",
              rating === suggested ? "border-primary" : "border-line",
            )}
          >
            <span className="font-semibold">{t(`practice.rating_${rating}`)}</span>
            <span className="text-sm text-quiet">{t(`practice.rating_${rating}Means`)}</span>
          </button>
        ))}
      </div>
      <p className="text-sm text-quiet max-sm:hidden">{t("practice.keys")}</p>
    </fieldset>
  );
}
