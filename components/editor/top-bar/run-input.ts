import type { GraphNode } from "@/flow/graph/schema";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { DefinitionLookup } from "../definitions";

const keyOf = (flowId: string, nodeId: string): string => `tolstoy:run-input:${flowId}:${nodeId}`;

/** Entry nodes that a run can start at, manual ones first. */
export function triggersOf(nodes: readonly GraphNode[], definitionOf: DefinitionLookup): GraphNode[] {
  const order = ["manual", "webhook", "form", "chat", "schedule", "poll", "event", "flow", "error"];
  const kind = (node: GraphNode): string => definitionOf(node.type)?.trigger ?? "";
  return nodes.filter((node) => !node.disabled && kind(node) !== "").sort((a, b) => order.indexOf(kind(a)) - order.indexOf(kind(b)));
}

/** The text that a run starts with here: what the person wrote last, else the trigger's example; a polling trigger fetches its own. */
export function runInputText(flowId: string, node: GraphNode, definitionOf: DefinitionLookup): string {
  try {
    const stored = localStorage.getItem(keyOf(flowId, node.id));
    if (stored !== null) return stored;
  } catch {
    // Without storage there is only the example.
  }
  const definition = definitionOf(node.type);
  return JSON.stringify((definition?.trigger === "poll" ? undefined : definition?.sample?.[0]) ?? {}, null, 2);
}

export function keepRunInput(flowId: string, nodeId: string, text: string): void {
  try {
    localStorage.setItem(keyOf(flowId, nodeId), text);
  } catch {
    // It is asked for again next time.
  }
}

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Items from what was written: one object is one item, a list gives one item each. */
export function parseRunInput(text: string): { items: Item[] } | { error: string } {
  if (text.trim() === "") return { items: [{ json: {} }] };
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return { error: `Not JSON: ${error instanceof Error ? error.message : "unexpected text"}` };
  }
  if (isObject(value)) return { items: [{ json: value }] };
  if (!Array.isArray(value)) return { error: "Give an object, or a list of objects: one item each" };
  const wrong = value.findIndex((entry) => !isObject(entry));
  if (wrong >= 0) return { error: `Element ${wrong + 1} of the list is no object` };
  return value.length === 0
    ? { error: "The list is empty: a run needs one item at least" }
    : { items: value.filter(isObject).map((json) => ({ json })) };
}
