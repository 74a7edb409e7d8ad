import { describe, expect, it } from "vitest";
import { ApiError } from "@/lib/api";
import { deviceName, isHandheld } from "./device-name";
import { errorWords } from "./error-words";
import { allLanguages, findLanguages, languageName } from "./languages";
import { isNow, sinceOrUntil } from "./since";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const t = (key: string, values: object = {}) => [key, ...Object.values(values)].join(" ");

describe("moments", () => {
  it.each([
    ["2026-11-21T11:59:40Z", "this minute"],
    ["2026-11-21T11:20:00Z", "40 minutes ago"],
    ["2026-11-21T08:30:00Z", "3 hours ago"],
    ["2026-11-20T11:00:00Z", "yesterday"],
    ["2026-11-10T12:00:00Z", "last week"],
    ["2026-12-25T12:00:00Z", "next month"],
    ["2028-01-01T00:00:00Z", "next year"],
  ])("%s is %s", (at, words) => {
    expect(sinceOrUntil(at, "en", NOW)).toBe(words);
  });

  it("speak the reader's language", () => {
    expect(sinceOrUntil("2026-11-21T09:00:00Z", "es", NOW)).toBe("hace 3 horas");
  });

  it("are now for the ten minutes that the API does not tell apart", () => {
    expect(isNow("2026-11-21T11:51:00Z", NOW)).toBe(true);
    expect(isNow("2026-11-21T11:49:00Z", NOW)).toBe(false);
  });
});

describe("languages", () => {
  const english = allLanguages("en");
  const found = (search: string) => findLanguages(english, search).map(({ tag }) => tag);

  it("are named in the reader's language and in themselves, each once, in the alphabet's order", () => {
    expect(english.find(({ tag }) => tag === "de")).toEqual({ tag: "de", name: "German", own: "Deutsch" });
    expect(new Set(english.map(({ tag }) => tag)).size).toBe(english.length);
    expect(english.map(({ name }) => name)).toEqual(
      english.map(({ name }) => name).sort(new Intl.Collator("en").compare),
    );
    expect(allLanguages("es").find(({ tag }) => tag === "de")?.name).toBe("alemán");
  });

  it("have tags that the API takes", () => {
    for (const { tag } of english) expect(tag).toMatch(/^[a-z]{2,3}$/);
  });

  it.each([
    ["farsi", "fa"],
    ["فارسی", "fa"],
    ["mandarin", "zh"],
    ["ESPANOL", "es"],
    ["tagalog", "fil"],
    ["  portu", "pt"],
  ])("%s finds %s first", (search, tag) => {
    expect(found(search)[0]).toBe(tag);
  });

  it("that begin as was typed come before those that hold it", () => {
    const tags = found("ma");
    expect(tags).toEqual(expect.arrayContaining(["mr", "de"]));
    expect(tags.indexOf("mr")).toBeLessThan(tags.indexOf("de"));
  });

  it("nobody speaks are not found; nothing typed finds all", () => {
    expect(found("klingonian")).toEqual([]);
    expect(found("")).toHaveLength(english.length);
  });

  it("that are not in the list are named all the same", () => {
    expect(languageName("pt-BR", "en")).toBe("Brazilian Portuguese");
    expect(languageName("not a tag", "en")).toBe("not a tag");
  });
});

describe("devices", () => {
  it("are named in the reader's language", () => {
    expect(deviceName(t, "Firefox on Linux")).toBe("account.devices.on Firefox Linux");
    expect(deviceName(t, "curl")).toBe("curl");
    expect(deviceName(t, "")).toBe("account.devices.unknown");
  });

  it("in a hand are told from those on a desk", () => {
    expect(isHandheld("Chrome on Android")).toBe(true);
    expect(isHandheld("Safari on macOS")).toBe(false);
  });
});

describe("what went wrong", () => {
  const refused = (status: number, code: string, seconds: number | null = null) =>
    errorWords(t, new ApiError(status, code, code, "req-1", seconds));

  it.each([
    [403, "wrong_password", "account.errors.wrong_password"],
    [409, "email_taken", "account.errors.email_taken"],
    [409, "too_many_keys", "account.errors.too_many_keys"],
    [404, "not_found", "account.errors.not_found"],
    [422, "weak_password", "auth.weakPassword"],
    [503, "busy", "auth.busy"],
    [503, "database_unavailable", "errors.server"],
    [0, "network", "errors.network"],
    [418, "toString", "errors.unexpected"],
  ])("%i %s is said in words", (status, code, words) => {
    expect(refused(status, code)).toBe(words);
  });

  it("too often says how long to wait", () => {
    expect(refused(429, "rate_limited", 40)).toBe("auth.waitSeconds 40");
    expect(refused(429, "rate_limited", 600)).toBe("auth.waitMinutes 10");
  });

  it("by a slip of ours is no riddle either", () => {
    expect(errorWords(t, new TypeError("x"))).toBe("errors.unexpected");
  });
});
