import clsx from "clsx";
import { type ReactNode, useEffect, useRef } from "react";

const RAYS = 48;
const INNER = 62;
const REST = 7;
const REACH = 30;
/** Frames by which each ray lags its neighbour, so that sound runs round the medallion. */
const LAG = 2;
const HISTORY = (RAYS / 2) * LAG + 1;
const CALM_FRAME_MS = 400;

/** Every third ray is the learner's, as in the mark. */
const isLearnerRay = (ray: number) => ray % 3 === 1;
const angleOf = (ray: number) => (ray * 360) / RAYS;
const ornament = (ray: number) => REST + (ray % 6 === 0 ? 9 : ray % 3 === 0 ? 5 : 0);

interface ShamsaProps {
  levels: () => { learner: number; coach: number };
  active: boolean;
  mood: "resting" | "waiting" | "thinking" | "listening" | "speaking";
  children: ReactNode;
  className?: string;
}

/** The medallion round the button: its rays are the two voices, heard now at the top and a moment ago below. */
export function Shamsa({ levels, active, mood, children, className }: ShamsaProps) {
  const rays = useRef<SVGGElement>(null);

  useEffect(() => {
    const group = rays.current;
    if (!active || group === null) return;
    return draw(group, levels);
  }, [active, levels]);

  return (
    <div className={clsx("relative grid aspect-square place-items-center", className)}>
      <svg viewBox="0 0 220 220" aria-hidden className="absolute inset-0 size-full" data-mood={mood}>
        <circle cx="110" cy="110" r="54" className="fill-surface" />
        <g
          ref={rays}
          strokeLinecap="round"
          strokeWidth="3.6"
          className={clsx(mood === "thinking" && "shamsa-turning", mood === "waiting" && "shamsa-breathing")}
        >
          {Array.from({ length: RAYS }, (_, ray) => (
            <line
              // biome-ignore lint/suspicious/noArrayIndexKey: a ray is its place
              key={ray}
              x1="110"
              x2="110"
              y1={110 - INNER}
              y2={110 - INNER - ornament(ray)}
              transform={`rotate(${angleOf(ray)} 110 110)`}
              className={isLearnerRay(ray) ? "stroke-learner-vivid" : "stroke-coach"}
            />
          ))}
        </g>
      </svg>
      {children}
    </div>
  );
}

/** Draws until told to stop; slowly where the reader asked for less motion. Returns the stop. */
function draw(group: SVGGElement, levels: ShamsaProps["levels"]): () => void {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const history: { learner: number; coach: number }[] = [];
  let frame = 0;
  let last = 0;
  const step = (now: number) => {
    frame = requestAnimationFrame(step);
    if (calm.matches && now - last < CALM_FRAME_MS) return;
    last = now;
    history.unshift(levels());
    history.length = Math.min(history.length, HISTORY);
    paint(group, (ray) => history[calm.matches ? 0 : lagOf(ray)]);
  };
  frame = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(frame);
    paint(group, () => undefined);
  };
}

function lagOf(ray: number): number {
  return Math.min(ray, RAYS - ray) * LAG;
}

type Levels = { learner: number; coach: number } | undefined;

function paint(group: SVGGElement, at: (ray: number) => Levels): void {
  group.querySelectorAll("line").forEach((line, ray) => {
    const heard = at(ray);
    const level = heard === undefined ? 0 : isLearnerRay(ray) ? heard.learner : heard.coach;
    const length = ornament(ray) + REACH * Math.min(1, level * 1.6);
    line.setAttribute("y2", String(110 - INNER - length));
  });
}
