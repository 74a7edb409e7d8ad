import { useEffect, useRef } from "react";

/** Keys by `event.key`, in lower case. */
export type Shortcuts = Record<string, () => void>;

const BUSY = "input, textarea, select, [contenteditable], dialog";
const PRESSED = "button, a, summary";

/** Keys that act on the page, while nobody writes and nothing else wants them. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(BUSY) || document.querySelector("dialog[open]")) return;
      if (event.key === " " && target?.closest(PRESSED)) return;
      const act = latest.current[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
