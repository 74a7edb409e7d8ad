import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { BookOpen, GraduationCap, History, ListChecks, type LucideIcon, Mic, Repeat } from "lucide-react";
import type { ComponentType } from "react";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { useMedia } from "@/lib/use-media";
import { DueMark, NewsMark } from "./feedback-parts";

interface Place {
  to: "/" | "/lessons" | "/exams" | "/practice" | "/history" | "/review";
  name: "app.talk" | "app.lessons" | "app.exams" | "app.practice" | "app.history" | "app.learners";
  icon: LucideIcon;
  mark?: ComponentType;
}

const OF_EVERYBODY: readonly Place[] = [
  { to: "/", name: "app.talk", icon: Mic },
  { to: "/lessons", name: "app.lessons", icon: BookOpen },
];
const PRACTICE: Place = { to: "/practice", name: "app.practice", icon: Repeat, mark: DueMark };
const OF_LEARNERS: readonly Place[] = [
  ...OF_EVERYBODY,
  { to: "/exams", name: "app.exams", icon: ListChecks },
  PRACTICE,
  { to: "/history", name: "app.history", icon: History, mark: NewsMark },
];
const OF_TEACHERS: readonly Place[] = [
  ...OF_EVERYBODY,
  PRACTICE,
  { to: "/history", name: "app.history", icon: History },
  { to: "/review", name: "app.learners", icon: GraduationCap },
];

const WIDE = "(min-width: 52rem)";

/** The main pages: a row in the header where there is room, else a bar at the thumb. */
export function Places({ at }: { at: "top" | "bottom" }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  const wide = useMedia(WIDE);
  if (wide !== (at === "top")) return null;
  const places = me !== undefined && me.role !== "learner" ? OF_TEACHERS : OF_LEARNERS;
  return (
    <nav
      aria-label={t("app.navigation")}
      className={wide ? "flex gap-1" : "grid auto-cols-fr grid-flow-col border-t border-line bg-surface px-1"}
    >
      {places.map(({ to, name, icon: Icon, mark: PlaceMark }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/" }}
          className={clsx(
            "flex items-center font-semibold text-quiet hover:text-ink [&[aria-current]]:text-ink",
            wide
              ? "min-h-11 gap-2 rounded-full px-4 hover:bg-sunken [&[aria-current]]:bg-coach-soft"
              : "group min-h-14 min-w-0 flex-col justify-center gap-0.5 rounded-lg text-xs",
          )}
        >
          <span
            className={
              wide ? undefined : "relative rounded-full px-4 py-0.5 group-[[aria-current]]:bg-coach-soft"
            }
          >
            <Icon aria-hidden className={wide ? "size-4" : "size-5"} />
            {!wide && PlaceMark && (
              <span className="absolute -end-2.5 -top-1">
                <PlaceMark />
              </span>
            )}
          </span>
          <span className="max-w-full truncate">{t(name)}</span>
          {wide && PlaceMark && <PlaceMark />}
        </Link>
      ))}
    </nav>
  );
}
