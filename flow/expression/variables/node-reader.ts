import type { Item } from "../../item";
import { askScope, ExpressionError, typeError } from "../errors";
import { guest } from "../globals/define";
import { fromHost, run } from "../run";
import type { NodeData } from "../scope";
import { nearest } from "../suggest";
import { Reader, toInteger, toText } from "../values";

/** A node by name. Throws `ExpressionError` for a name that is not in the flow. */
function nodeData(name: unknown): NodeData {
  if (typeof name !== "string") throw new ExpressionError(`A node is referenced by its name, not by ${toText(name)}`);
  const data = askScope(() => run.scope.node(name));
  if (data) return data;
  const near = nearest(name, run.scope.nodeNames);
  throw new ExpressionError(`Referenced node doesn't exist: "${name}"`, {
    hint: near === undefined ? "Check the node's name in the flow" : `Did you mean "${near}"?`,
  });
}

/** The node, when it has run. */
function executed(name: unknown): NodeData {
  const data = nodeData(name);
  if (!data.isExecuted) {
    throw new ExpressionError(`An expression references the node "${name}", but it hasn't been executed yet`, {
      hint: `Change the expression, or connect the flow so that "${name}" runs before; $("${name}").isExecuted tells whether it has`,
    });
  }
  return data;
}

const argument = (value: unknown): number | undefined => (value === undefined || value === null ? undefined : toInteger(value));

/** Items of an executed node; an output or run that there isn't has none. */
export function itemsOf(name: unknown, output?: unknown, runIndex?: unknown): readonly Item[] {
  const data = executed(name);
  const wanted = argument(runIndex);
  // -1 is the latest.
  const chosen = wanted !== undefined && wanted < 0 ? undefined : wanted;
  const items = askScope(() => data.items(argument(output), chosen));
  if (items === undefined && chosen !== undefined) throw new ExpressionError(`Run ${chosen} of node "${String(name)}" not found`);
  return items ?? [];
}

/** An item as expressions see it: always with `json`. */
export const itemValue = (item: Item | undefined): unknown => fromHost(item);

const pairedItem = (name: string, itemIndex: number): Item => askScope(() => executed(name).pairedItem(itemIndex));

const NODE_METHODS: Record<string, (name: string, args: unknown[]) => unknown> = {
  first: (name, [output, runIndex]) => itemValue(itemsOf(name, output, runIndex)[0]),
  last: (name, [output, runIndex]) => itemValue(itemsOf(name, output, runIndex).at(-1)),
  all: (name, [output, runIndex]) => fromHost(itemsOf(name, output, runIndex)),
  pairedItem: (name, [index]) => itemValue(pairedItem(name, argument(index) ?? run.itemIndex)),
  itemMatching: (name, [index]) => {
    if (index === undefined) throw new ExpressionError("itemMatching(): expected the index of an item, e.g. .itemMatching(0)");
    return itemValue(pairedItem(name, toInteger(index)));
  },
};

/** `$('Name')`. */
export function nodeReader(nameValue: unknown): Reader {
  const data = nodeData(nameValue);
  const name = nameValue as string;
  return new Reader(
    `$("${name}")`,
    (key) => readNode(name, data, key),
    () => (data.isExecuted ? ["item", "isExecuted", "params", "context"] : ["isExecuted", "params", "context"]),
  );
}

function readNode(name: string, data: NodeData, key: string): unknown {
  switch (key) {
    case "item":
      return itemValue(pairedItem(name, run.itemIndex));
    case "json":
      return fromHost(atIndex(name).json);
    case "binary":
      return fromHost(atIndex(name).binary ?? {});
    case "params":
    case "parameter":
      return fromHost(data.parameters);
    case "context":
      return fromHost(data.context ?? {});
    case "isExecuted":
      return data.isExecuted;
    case "runIndex":
      return Math.max(0, data.runs - 1);
    default: {
      const method = Object.hasOwn(NODE_METHODS, key) ? NODE_METHODS[key] : undefined;
      return method && guest(key, (...args) => method(name, args));
    }
  }
}

/** `$node["Name"]` or `$node.Name`. */
export const nodesReader = new Reader(
  "$node",
  (name) => nodeReader(name),
  () => [],
);

/** `$node["Name"].json`: the item at the same place, as n8n's older form has it. */
function atIndex(name: string): Item {
  const items = itemsOf(name);
  const item = items[run.itemIndex];
  if (item) return item;
  throw new ExpressionError(`Node "${name}" has no item ${run.itemIndex}: it gave ${items.length}`, {
    hint: `Use $("${name}").item for the matching item, or .first()`,
  });
}

/**
 * `steps.Name`: the json of the node's matching item, or of its first one where there is none, with `.items` beside it.
 */
export const stepsReader = new Reader(
  "steps",
  (name) => stepValue(name),
  () => run.scope.nodeNames.filter((name) => run.scope.node(name)?.isExecuted),
);

function stepValue(name: string): unknown {
  if (!run.scope.nodeNames.includes(name) && !run.scope.node(name)) nodeData(name);
  const items = itemsOf(name);
  const readers: Record<string, () => unknown> = {
    json: () => fromHost(items[Math.min(run.itemIndex, items.length - 1)]?.json),
    output: () => fromHost(items[Math.min(run.itemIndex, items.length - 1)]?.json),
    items: () => fromHost(items),
    status: () => "succeeded",
  };
  return new Reader(
    `steps["${name}"]`,
    (key) => {
      if (Object.hasOwn(readers, key)) return readers[key]?.();
      const json = readers.output?.() as Record<string, unknown> | undefined;
      if (json === undefined) throw typeError(`Step "${name}" gave no item`);
      return Object.hasOwn(json, key) ? json[key] : undefined;
    },
    () => ["output", "items", "status"],
  );
}
