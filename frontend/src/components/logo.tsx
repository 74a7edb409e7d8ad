import clsx from "clsx";

const ANGLES = [0, 45, 90, 135, 180, 225, 270, 315];

/** A shamsa, the little sun of Persian bindings, whose rays are a voice: long ones the coach's, short ones yours. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden className={clsx("shrink-0", className)}>
      {ANGLES.map((angle) => (
        <g key={angle} transform={`rotate(${angle} 32 32)`} strokeLinecap="round" strokeWidth="4.6">
          <path d={angle % 90 === 0 ? "M32 5v14" : "M32 9v9"} className="stroke-coach" />
          <path
            d="M32 5v3.5"
            transform="rotate(22.5 32 32) translate(0 7)"
            className="stroke-learner-vivid"
          />
        </g>
      ))}
      <circle cx="32" cy="32" r="6.5" className="fill-coach" />
    </svg>
  );
}
