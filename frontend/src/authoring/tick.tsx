import { Check } from "lucide-react";
import type { ReactNode } from "react";

interface TickProps {
  checked: boolean;
  disabled: boolean;
  onChange: () => void;
  children: ReactNode;
}

/** A choice whose whole line can be pressed. */
export function Tick({ checked, disabled, onChange, children }: TickProps) {
  return (
    <label className="relative flex min-h-11 cursor-pointer items-start gap-3 rounded-xl px-2 py-2 hover:bg-sunken has-focus-visible:outline-3 has-focus-visible:outline-focus has-disabled:opacity-55">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={onChange}
        className="peer absolute inset-0 cursor-pointer appearance-none outline-none"
      />
      <span
        aria-hidden
        className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-md border border-quiet text-transparent peer-checked:border-primary peer-checked:bg-primary peer-checked:text-on-primary"
      >
        <Check className="size-4" />
      </span>
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </label>
  );
}
