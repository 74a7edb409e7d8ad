/** Sentences that are put together from what the API says. */

import type { Translate } from "@/i18n";
import { formatShortDay } from "@/lib/format";
import type { Reason } from "./lessons-api";

export function dueWords(t: Translate, locale: string, due: string | null): string {
  return due === null
    ? t("lessons.assigned")
    : t("lessons.assignedFor", { day: formatShortDay(due, locale) });
}

/** Why a lesson is recommended. */
export function reasonWords(t: Translate, locale: string, { code, parameters }: Reason): string {
  const day = parameters.due_on;
  if (code === "assigned") return dueWords(t, locale, typeof day === "string" ? day : null);
  if (code === "weakest_skill") {
    const skill = t(`lessons.skill_${parameters.skill as "reception"}`);
    return t("lessons.reason_weakest_skill", { skill, percent: parameters.percent ?? 0 });
  }
  if (code === "reviews_due")
    return t("lessons.reason_reviews_due", { count: Number(parameters.count ?? 0) });
  return t(`lessons.reason_${code}`, { ...parameters });
}
