import type { Item, Json, JsonObject, Outputs } from "../item";
import type { Suspension } from "../node/context";

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What a step that waited gives once the wait is over. A sleep and a wait that ran out pass the step's own outputs on; the
 * payload of a resume call is one item of its own, and so is a page of a form that was filled in, with its files; a decision is
 * added to every item as `approval`.
 * `payload` is null when nothing came.
 */
export function outputsAfterWait(outputs: Outputs, suspend: Suspension, payload: Json | null): Outputs {
  if (suspend.kind !== "event" || payload === null) return outputs;
  const json = isObject(payload) ? payload : { value: payload };
  if (suspend.form === "form") {
    const answers = isObject(json.json ?? null) ? (json.json as JsonObject) : {};
    const files = json.binary as Item["binary"];
    return [[{ json: answers, ...(files && { binary: files }), pairedItem: { item: 0 } }], ...outputs.slice(1)];
  }
  if (suspend.form !== "approval") return [[{ json, pairedItem: { item: 0 } }], ...outputs.slice(1)];
  return outputs.map((items) => items.map((item) => ({ ...item, json: { ...item.json, approval: json } })));
}

/** Items by output of `outputsAfterWait`, without the items: what hosts journal when a wait ends. */
export const countsAfterWait = (counts: number[], suspend: Suspension, payload: Json | null): number[] =>
  suspend.kind === "event" && suspend.form !== "approval" && payload !== null ? [1, ...counts.slice(1)] : counts;

/** Prefix of the event of a wait for a named event; what follows is JSON: `[name, path, value]`. */
export const NAMED_EVENT = "named:";

/** The event that ends a wait, as hosts register it. */
export const eventOf = (suspend: Extract<Suspension, { kind: "event" }>): string =>
  suspend.event === "named" ? NAMED_EVENT + JSON.stringify([suspend.name, suspend.path, suspend.value]) : suspend.event;
