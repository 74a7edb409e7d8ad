import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const SOURCE = join(import.meta.dirname, "..");
const PLURAL = /_(zero|one|two|few|many|other)$/;

function flatten(value: object, prefix = ""): Map<string, string> {
  const entries = Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === "string" ? [[prefix + key, inner]] : [...flatten(inner, `${prefix}${key}.`)],
  );
  return new Map(entries);
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

/** All volumes of a language as one: `en.json`, and `account-en.json` under the key `account`. */
function catalogue(locale: string): Map<string, string> {
  const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith(`${locale}.json`));
  const volumes = names.map((name) => {
    const messages: object = JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
    const volume = name.slice(0, -`-${locale}.json`.length);
    return volume ? { [volume]: messages } : messages;
  });
  return new Map(volumes.flatMap((volume) => [...flatten(volume)]));
}

const english = catalogue("en");
const spanish = catalogue("es");
const stem = (key: string) => key.replace(PLURAL, "");

describe("the catalogues", () => {
  it("say the same things in every language", () => {
    expect(new Set([...spanish.keys()].map(stem))).toEqual(new Set([...english.keys()].map(stem)));
  });

  it("have every plural form their language needs", () => {
    for (const [catalogue, locale] of [
      [english, "en"],
      [spanish, "es"],
    ] as const) {
      const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      const counted = new Set([...catalogue.keys()].filter((key) => key.endsWith("_other")).map(stem));
      for (const key of counted) {
        for (const category of categories) expect(catalogue.has(`${key}_${category}`)).toBe(true);
      }
    }
  });

  it("use the same placeholders", () => {
    for (const [key, text] of spanish) {
      const original = english.get(key) ?? english.get(`${stem(key)}_other`) ?? "";
      expect([key, placeholders(text)]).toEqual([key, placeholders(original)]);
    }
  });
});

/** Attributes that people read or hear. */
const SPOKEN = new Set(["aria-label", "title", "placeholder", "alt", "label", "hint", "lead", "body"]);

function literalTexts(path: string): string[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(path, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
    ts.ScriptKind.TSX,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (SPOKEN.has(node.name.getText())) found.push(node.initializer.text);
    }
    if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression)) {
      const inside = node.parent;
      const read = ts.isJsxAttribute(inside) ? SPOKEN.has(inside.name.getText()) : true;
      if (read && /\p{L}/u.test(node.expression.text)) found.push(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function screens(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx") && !name.endsWith(".test.tsx"))
    .map((name) => join(SOURCE, name));
}

describe("the screens", () => {
  it("hold no text of their own", () => {
    const paths = screens();
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.flatMap((path) => literalTexts(path).map((text) => `${path}: ${text}`))).toEqual([]);
  });
});
