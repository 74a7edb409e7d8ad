interface CountMarkProps {
  count: number;
  /** What the number counts, read out in its place. */
  label: string;
  testId: string;
}

/** A small number beside a name; nothing for none. */
export function CountMark({ count, label, testId }: CountMarkProps) {
  if (count === 0) return null;
  return (
    <span
      data-testid={testId}
      className="grid min-w-5 place-items-center rounded-full bg-learner px-1.5 text-xs leading-5 font-bold text-surface"
    >
      <span aria-hidden>{count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
