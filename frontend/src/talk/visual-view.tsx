import clsx from "clsx";
import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Modal } from "@/components/modal";
import { useTranslation } from "@/i18n";
import { VisualTable } from "@/lessons/visual-table";
import type { Visual } from "./shown";

interface VisualViewProps {
  visual: Visual;
  /** Whose pictures they are. */
  from: "lessons" | "exams";
  className?: string;
}

/** Something to look at while one talks. */
export function VisualView({ visual, from, className }: VisualViewProps) {
  const captionId = useId();
  return (
    <figure
      lang="en"
      translate="no"
      data-testid="visual"
      data-kind={visual.kind}
      className={clsx("grid content-start justify-items-center gap-1", className)}
    >
      <Content visual={visual} from={from} captionId={captionId} />
      <figcaption
        id={captionId}
        className={clsx("text-center text-sm text-quiet", visual.kind === "picture" && "max-sm:sr-only")}
      >
        {visual.title}
      </figcaption>
    </figure>
  );
}

function Content({ visual, from, captionId }: VisualViewProps & { captionId: string }) {
  if (visual.kind === "picture") return <Picture visual={visual} from={from} />;
  if (visual.kind === "table")
    return (
      <div className="w-full text-sm">
        <VisualTable rows={visual.rows} labelledBy={captionId} />
      </div>
    );
  return (
    <ul className="flex w-full flex-wrap justify-center gap-x-3 gap-y-1 rounded-card border border-line p-2 text-center font-semibold max-sm:text-sm sm:grid sm:p-3">
      {visual.lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Small beside the task; pressed, as large as the screen allows. */
function Picture({ visual, from }: VisualViewProps) {
  const { t, i18n } = useTranslation();
  const [large, setLarge] = useState(false);
  const picture = (className: string) => (
    <img
      src={`/api/v1/${from}/pictures/${encodeURIComponent(visual.picture ?? "")}`}
      alt={visual.description}
      className={clsx("rounded-card bg-white", className)}
    />
  );
  return (
    <>
      <button
        type="button"
        title={t("classroom.enlarge")}
        onClick={() => setLarge(true)}
        className="w-full cursor-zoom-in rounded-card"
      >
        {picture("max-h-32 w-full object-contain sm:max-h-56 sm:w-64 lg:w-80")}
      </button>
      {large && (
        <Modal title={visual.title} width="wide" onClose={() => setLarge(false)}>
          {picture("max-h-[70dvh] w-full object-contain")}
          <div lang={i18n.language} className="justify-self-end">
            <Button onClick={() => setLarge(false)}>{t("classroom.closePicture")}</Button>
          </div>
        </Modal>
      )}
    </>
  );
}
