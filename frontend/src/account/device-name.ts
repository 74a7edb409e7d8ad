import type { Translate } from "@/i18n";

/** A browser's name in the reader's language: the API says "Firefox on Linux", or nothing. */
export function deviceName(t: Translate, label: string): string {
  const [browser, system] = label.split(" on ");
  if (!browser) return t("account.devices.unknown");
  return system ? t("account.devices.on", { browser, system }) : browser;
}

export function isHandheld(label: string): boolean {
  return /Android|iPhone|iPad/.test(label);
}
