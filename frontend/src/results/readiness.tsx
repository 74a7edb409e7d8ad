import { Check, CircleHelp, MoveRight } from "lucide-react";
import { Section } from "@/account/section";
import { useTranslation } from "@/i18n";
import type { Readiness } from "./results-api";
import { dimensionName, MOST, scoreText } from "./words";

interface ReadinessProps {
  items: readonly Readiness[];
  target: string;
}

/** Criterion by criterion: what the target level asks, and what is there. */
export function ReadinessSection({ items, target }: ReadinessProps) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  const ready = items.filter((one) => one.ready).length;
  return (
    <Section
      id="readiness"
      title={t("results.readiness", { level: target })}
      lead={t("results.readyCount", { count: items.length, ready })}
    >
      <ul className="grid gap-4" data-testid="readiness">
        {items.map((one) => (
          <Criterion key={one.dimension} criterion={one} />
        ))}
      </ul>
    </Section>
  );
}

function Criterion({ criterion: { dimension, ready, score, needed, says } }: { criterion: Readiness }) {
  const { t, i18n } = useTranslation();
  const Sign = ready === null ? CircleHelp : ready ? Check : MoveRight;
  const state = ready === null ? "unknown" : ready ? "ready" : "notYet";
  return (
    <li className="grid gap-1.5">
      <p className="flex flex-wrap items-center gap-x-2">
        <Sign
          aria-hidden
          className={ready ? "size-5 shrink-0 text-coach" : "size-5 shrink-0 text-learner rtl:-scale-x-100"}
        />
        <span className="font-semibold">{t(dimensionName(dimension))}</span>
        <span className="text-sm text-quiet">{t(`results.${state}`)}</span>
        <span className="ms-auto text-sm tabular-nums">
          {t(score === null ? "results.needs" : "results.hasAndNeeds", {
            score: score === null ? "" : scoreText(score, i18n.language),
            needed: scoreText(needed, i18n.language),
          })}
        </span>
      </p>
      <div aria-hidden className="relative h-2.5 rounded-full bg-sunken">
        {score !== null && (
          <div
            className={ready ? "h-full rounded-full bg-coach" : "h-full rounded-full bg-learner-vivid"}
            style={{ width: `${(score / MOST) * 100}%` }}
          />
        )}
        <div
          className="absolute -inset-y-1 w-0.5 bg-ink"
          style={{ insetInlineStart: `${(needed / MOST) * 100}%` }}
        />
      </div>
      <p translate="no" className="text-[0.95rem] text-quiet">
        {says}
      </p>
    </li>
  );
}
