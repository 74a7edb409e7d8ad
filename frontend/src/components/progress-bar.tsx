import clsx from "clsx";

interface ProgressBarProps {
  /** What is under way, in words. */
  label: string;
  value: number;
  max: number;
  className?: string;
}

/** How far something has come. */
export function ProgressBar({ label, value, max, className }: ProgressBarProps) {
  return (
    <progress
      className={clsx(
        "h-2 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-primary [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-primary",
        className,
      )}
      max={max}
      value={value}
      aria-label={label}
    />
  );
}
