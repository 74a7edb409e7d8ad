/** Light, dark, or as the system says. `public/theme.js` applies the same rule before the first paint. */

import { useSyncExternalStore } from "react";
import { recall, remember } from "./store";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "avaaz.theme";
const listeners = new Set<() => void>();
const system = () => window.matchMedia("(prefers-color-scheme: dark)");

let current: Theme = stored();

function stored(): Theme {
  const value = recall("local", KEY);
  return THEMES.find((theme) => theme === value) ?? "system";
}

function apply(): void {
  const dark = current === "dark" || (current === "system" && system().matches);
  document.documentElement.classList.toggle("dark", dark);
}

export function setTheme(theme: Theme): void {
  current = theme;
  remember("local", KEY, theme === "system" ? null : theme);
  apply();
  for (const listener of listeners) listener();
}

/** Follows the system's own switch at dusk, for as long as the page lives. */
export function watchSystemTheme(): void {
  system().addEventListener("change", apply);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
