import { useTranslation } from "@/i18n";
import { formatDay, formatTime } from "@/lib/format";

const DAY_MS = 86_400_000;

/** When something comes back: today by its time, later by its day. */
export function NextDue({ at }: { at: string | null }) {
  const { t, i18n } = useTranslation();
  if (at === null) return null;
  const soon = Date.parse(at) - Date.now() < DAY_MS && new Date(at).getDate() === new Date().getDate();
  return (
    <p className="text-quiet" data-testid="next-due">
      {t("practice.nextDue")}{" "}
      <time dateTime={at} className="font-semibold text-ink">
        {soon ? formatTime(at, i18n.language) : formatDay(at, i18n.language)}
      </time>
    </p>
  );
}
