import { useId } from "react";
import { useTranslation } from "@/i18n";
import type { Visual } from "./lessons-api";
import { VisualTable } from "./visual-table";

/** What is shown in the lesson: pictures, tables, cards. */
export function Visuals({ visuals }: { visuals: Visual[] }) {
  const { t } = useTranslation();
  if (visuals.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("lessons.visuals")}</h2>
      {visuals.map((visual) => (
        <Figure key={visual.key} visual={visual} />
      ))}
    </section>
  );
}

function Figure({ visual }: { visual: Visual }) {
  const captionId = useId();
  return (
    <figure className="grid gap-2 rounded-card border border-line bg-surface p-4" lang="en" translate="no">
      <figcaption id={captionId} className="font-semibold">
        {visual.title}
      </figcaption>
      <Shown visual={visual} captionId={captionId} />
    </figure>
  );
}

function Shown({ visual, captionId }: { visual: Visual; captionId: string }) {
  if (visual.kind === "picture" && visual.picture) {
    return (
      <img
        src={`/api/v1/lessons/pictures/${visual.picture}`}
        alt={visual.description}
        loading="lazy"
        className="aspect-[4/3] w-full max-w-lg rounded-xl bg-white object-contain"
      />
    );
  }
  if (visual.kind === "table") return <VisualTable rows={visual.rows ?? []} labelledBy={captionId} />;
  return (
    <ul className="grid gap-1">
      {(visual.lines ?? []).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
