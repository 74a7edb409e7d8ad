/** Puts the reader at the page's heading, where the control that they pressed is gone. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}
