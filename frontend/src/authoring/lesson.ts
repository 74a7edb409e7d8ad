/** A lesson as a value: read and changed by place, with new parts to put into it. */

import type { Content, Criterion, Exchange, Step } from "./authoring-api";

export const TASKS = [
  "introduce_yourself",
  "describe_picture",
  "exchange_views",
  "defend_position",
  "role_play",
  "tell_story",
  "explain",
] as const;
export const KINDS = ["lesson", "scenario", "exam_part"] as const;
export const STEP_KINDS = ["warm_up", "present", "practise", "task", "wrap_up"] as const;
export const WANTS = [
  "fact",
  "phrase",
  "yes_no",
  "choice",
  "reason",
  "list",
  "long",
  "question",
  "repeat",
] as const;
/** In the order in which people choose; patterns are for those who know them. */
export const CRITERIA = ["phrase", "words", "length", "turns", "question", "pattern"] as const;

export type Place = readonly (string | number)[];

export function pathOf(place: Place): string {
  return place.join(".");
}

export function at(value: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (inner, part) =>
      inner === null || inner === undefined ? inner : (inner as Record<string, unknown>)[part],
    value,
  );
}

/** The same value with another one at a place; nothing else is copied. */
export function put<Value>(value: Value, place: Place, inner: unknown): Value {
  const [part, ...rest] = place;
  if (part === undefined) return inner as Value;
  if (Array.isArray(value)) {
    const items: unknown[] = [...value];
    items[part as number] = put(items[part as number], rest, inner);
    return items as Value;
  }
  const fields = { ...(value as Record<string | number, unknown>) };
  fields[part] = put(fields[part], rest, inner);
  return fields as Value;
}

/** A list with one item moved; beyond its ends nothing moves. */
export function moved<Item>(items: readonly Item[], from: number, by: -1 | 1): Item[] {
  const to = from + by;
  const copy = [...items];
  const [item] = copy.splice(from, 1);
  if (item === undefined || to < 0 || to > copy.length) return [...items];
  copy.splice(to, 0, item);
  return copy;
}

/** A draft may leave out what it holds nothing of. */
export function whole(content: Content): Content {
  return {
    ...content,
    objectives: content.objectives ?? [],
    exam_tags: content.exam_tags ?? [],
    phrases: content.phrases ?? [],
    vocabulary: content.vocabulary ?? [],
    visuals: content.visuals ?? [],
    steps: (content.steps ?? []).map((step) => ({
      ...step,
      opinions: step.opinions ?? [],
      criteria: (step.criteria ?? []).map((one) => ({
        ...one,
        phrases: one.phrases ?? [],
        words: one.words ?? [],
      })),
      exchanges: (step.exchanges ?? []).map((one) => ({ ...one, hear: one.hear ?? [] })),
    })),
  };
}

/** A name for something new, which nothing in the lesson has. */
function newKey(kind: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return `${kind}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export function newExchange(): Exchange {
  return { say: "", easier: "", nudge: "", model: "", hear: [], otherwise: "", wants: "fact" };
}

export function newCriterion(): Criterion {
  return { key: newKey("shows"), says: "", kind: "phrase", phrases: [""], words: [], at_least: 1 };
}

export function newStep(): Step {
  return {
    key: newKey("step"),
    kind: "practise",
    title: "",
    instructions: "",
    guidance: "",
    mode: "individual",
    seconds: 90,
    opinions: [],
    exchanges: [newExchange()],
    criteria: [],
  };
}
