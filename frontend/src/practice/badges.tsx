import clsx from "clsx";
import {
  BookOpen,
  CalendarCheck,
  type LucideIcon,
  MessagesSquare,
  Mic,
  Repeat,
  SpellCheck,
} from "lucide-react";
import { type MessageKey, useTranslation } from "@/i18n";
import { formatDay } from "@/lib/format";
import type { Badge } from "./practice-api";

const PICTURES: Record<Badge["measure"], LucideIcon> = {
  calls: MessagesSquare,
  minutes: Mic,
  lessons: BookOpen,
  reviews: Repeat,
  streak: CalendarCheck,
  mended: SpellCheck,
};

/** What was reached, and how far it is to the rest. */
export function Badges({ badges }: { badges: Badge[] }) {
  const { t } = useTranslation();
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("practice.badges")}</h2>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" data-testid="badges">
        {badges.map((badge) => (
          <One key={badge.key} badge={badge} />
        ))}
      </ul>
    </section>
  );
}

const NAMES: Record<Badge["measure"], MessageKey> = {
  calls: "practice.badge_calls",
  minutes: "practice.badge_minutes",
  lessons: "practice.badge_lessons",
  reviews: "practice.badge_reviews",
  streak: "practice.badge_streak",
  mended: "practice.badge_mended",
};

function One({ badge }: { badge: Badge }) {
  const { t, i18n } = useTranslation();
  const Picture = PICTURES[badge.measure];
  const earned = badge.earned_at !== null;
  return (
    <li
      data-earned={earned}
      className={clsx(
        "flex items-center gap-3 rounded-card border p-3",
        earned ? "border-coach bg-coach-soft" : "border-line bg-surface",
      )}
    >
      <span
        className={clsx(
          "grid size-12 shrink-0 place-items-center rounded-full",
          earned ? "bg-primary text-on-primary" : "bg-sunken text-quiet",
        )}
      >
        <Picture aria-hidden className="size-6" />
      </span>
      <span className="grid min-w-0">
        <span className="font-semibold">{t(NAMES[badge.measure], { count: badge.at_least })}</span>
        <span className="text-sm text-quiet">
          {badge.earned_at ? (
            <time dateTime={badge.earned_at}>{formatDay(badge.earned_at, i18n.language)}</time>
          ) : (
            t("practice.badgeSoFar", { reached: badge.reached, all: badge.at_least })
          )}
        </span>
      </span>
    </li>
  );
}
