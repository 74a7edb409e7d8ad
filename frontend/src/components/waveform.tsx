import { useMemo } from "react";
import type { Recording } from "@/lib/recording";

const LOUDEST = 255;
const HEIGHT = 100;
const MIDDLE = HEIGHT / 2;
/** Quiet speech would be a flat line beside a loud laugh. */
const SOFTEN = 0.6;

/** One side of a waveform as a closed path: up from the middle, or down. */
function outline(values: readonly number[], direction: 1 | -1): string {
  const points = values.map((value, index) => {
    const height = Math.max(0.6, (MIDDLE - 2) * (value / LOUDEST) ** SOFTEN);
    return `L${index} ${(MIDDLE - direction * height).toFixed(1)}`;
  });
  return `M0 ${MIDDLE}${points.join("")}L${values.length - 1} ${MIDDLE}Z`;
}

interface WaveformProps {
  peaks: Recording["peaks"] | undefined;
  /** The share that was played, 0 to 1. */
  played: number;
}

/** How loud both voices are over the whole call: the learner above the line, the coach below. */
export function Waveform({ peaks, played }: WaveformProps) {
  const paths = useMemo(
    () => (peaks ? { learner: outline(peaks.learner, 1), coach: outline(peaks.coach, -1) } : null),
    [peaks],
  );
  const width = Math.max(1, (peaks?.learner.length ?? 1) - 1);
  const hidden = `${(100 * (1 - Math.min(1, played))).toFixed(2)}%`;
  const drawn = paths && (
    <>
      <path d={paths.learner} className="fill-learner-vivid" />
      <path d={paths.coach} className="fill-coach" />
    </>
  );
  return (
    <div aria-hidden dir="ltr" className="absolute inset-0">
      <svg
        aria-hidden
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="absolute inset-0 size-full opacity-35"
      >
        {drawn}
      </svg>
      <svg
        aria-hidden
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        style={{ clipPath: `inset(0 ${hidden} 0 0)` }}
        className="absolute inset-0 size-full"
      >
        {drawn}
      </svg>
      <span style={{ insetInlineEnd: hidden }} className="absolute inset-y-0 w-0.5 translate-x-1/2 bg-ink" />
    </div>
  );
}
