import { useTranslation } from "@/i18n";
import type { Visual } from "./lessons-api";

/** What is shown in the lesson: pictures, tables, cards. */
export function Visuals({ visuals }: { visuals: Visual[] }) {
  const { t } = useTranslation();
  if (visuals.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-xl font-semibold">{t("lessons.visuals")}</h2>
      {visuals.map((visual) => (
        <figure
          key={visual.key}
          className="grid gap-2 rounded-card border border-line bg-surface p-4"
          lang="en"
          translate="no"
        >
          <figcaption className="font-semibold">{visual.title}</figcaption>
          <Shown visual={visual} />
        </figure>
      ))}
    </section>
  );
}

function Shown({ visual }: { visual: Visual }) {
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
  if (visual.kind === "table") return <Table rows={visual.rows ?? []} />;
  return (
    <ul className="grid gap-1">
      {(visual.lines ?? []).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Table({ rows: [heading = [], ...rows] }: { rows: string[][] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is moved sideways with the keyboard
    <div className="overflow-x-auto" tabIndex={0}>
      <table className="w-full text-start">
        <thead>
          <tr>
            {heading.map((cell) => (
              <th key={cell} className="border-b border-line p-2 text-start font-semibold">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join("|")}>
              {row.map((cell, place) => (
                <td key={heading[place] ?? cell} className="border-b border-line p-2">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
