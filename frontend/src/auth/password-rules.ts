/** The API's own rules for passwords, so that they can be seen while typing. */

export const MAX_PASSWORD = 128;

export type PasswordRule = "length" | "upper" | "lower" | "digit" | "special" | "notEmail";

const CHECKS: Record<Exclude<PasswordRule, "notEmail">, RegExp> = {
  length: /^.{8,}$/su,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  digit: /[0-9]/,
  special: /[^A-Za-z0-9]/,
};

function holdsEmail(password: string, email: string): boolean {
  const name = email.trim().toLowerCase().split("@", 1)[0] ?? "";
  return name !== "" && password.toLowerCase().includes(name);
}

/** Every rule with whether it is kept. The one about the address is named only where it is broken. */
export function judgePassword(password: string, email = ""): { rule: PasswordRule; kept: boolean }[] {
  const kinds = Object.entries(CHECKS).map(([rule, check]) => ({
    rule: rule as PasswordRule,
    kept: check.test(password),
  }));
  return holdsEmail(password, email) ? [...kinds, { rule: "notEmail", kept: false }] : kinds;
}

export function brokenRules(password: string, email = ""): PasswordRule[] {
  return judgePassword(password, email)
    .filter(({ kept }) => !kept)
    .map(({ rule }) => rule);
}
