/** What the browser remembers by itself. Storage may be refused; then the choice lasts as long as the page. */

export function remember(storage: "local" | "session", key: string, value: string | null): void {
  try {
    const area = storage === "local" ? window.localStorage : window.sessionStorage;
    if (value === null) area.removeItem(key);
    else area.setItem(key, value);
  } catch {
    // Nothing else to do: the page works without memory.
  }
}

export function recall(storage: "local" | "session", key: string): string | null {
  try {
    return (storage === "local" ? window.localStorage : window.sessionStorage).getItem(key);
  } catch {
    return null;
  }
}
