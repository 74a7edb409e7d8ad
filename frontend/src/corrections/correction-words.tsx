import type { Correction } from "@/talk/shown";

interface CorrectionWordsProps {
  correction: Pick<Correction, "better" | "original" | "replacement" | "explanation">;
  /** What is read out before the words that were said, and before the better ones. */
  said: string;
  better: string;
}

/** What would be better, where it differs, and why. */
export function CorrectionWords({ correction, said, better }: CorrectionWordsProps) {
  return (
    <>
      <p lang="en" dir="auto" translate="no" className="text-base font-semibold break-words">
        {correction.better}
      </p>
      <p lang="en" dir="auto" translate="no" className="break-words">
        <del className="text-quiet">
          <span className="sr-only">{said}</span>
          {correction.original}
        </del>{" "}
        <ins className="font-semibold no-underline">
          <span className="sr-only">{better}</span>
          {correction.replacement}
        </ins>
      </p>
      <p lang="en" dir="auto" translate="no">
        {correction.explanation}
      </p>
    </>
  );
}
