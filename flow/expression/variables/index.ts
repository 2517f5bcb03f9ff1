import { DateTime } from "luxon";
import { ExpressionError, referenceError } from "../errors";
import { flowZone } from "../flow-zone";
import { GLOBALS } from "../globals";
import { guest } from "../globals/define";
import { enterFlowTime, fromHost, run } from "../run";
import type { ExpressionScope } from "../scope";
import { GuestFunction, Reader, toInteger } from "../values";
import { inputReader } from "./input-reader";
import { itemsOf, nodeReader, nodesReader, stepsReader } from "./node-reader";

/** Evaluates a template within the running evaluation, on the same budget. */
type Evaluate = (template: string, itemIndex: number) => unknown;

const now = new WeakMap<ExpressionScope, DateTime>();

/** `$now`, the same object in all expressions of a visit. */
function nowOf(scope: ExpressionScope): DateTime {
  let value = now.get(scope);
  if (!value) {
    enterFlowTime();
    value = DateTime.fromMillis(scope.now, { zone: flowZone(scope.timezone) });
    if (!value.isValid) throw new ExpressionError(`The flow's time zone "${scope.timezone}" is unknown`);
    now.set(scope, value);
  }
  return value;
}

const workflow = (): unknown => ({ ...run.scope.workflow });

/** `$execution`. What it says of itself is not among what it shows when it is printed. */
function execution(): unknown {
  const { id, mode, resumeUrl, resumeFormUrl = resumeUrl } = run.scope.execution;
  const shown: Record<string, unknown> = { id, mode, resumeUrl, resumeFormUrl };
  return new Reader(
    "$execution",
    (key) => (key === "customData" ? customData : Object.hasOwn(shown, key) ? shown[key] : undefined),
    () => Object.keys(shown),
  );
}

const notHere = (name: string) =>
  guest(name, () => {
    throw new ExpressionError(`$execution.customData.${name}(): expressions only read`, {
      hint: "Set custom data in a Code or an Execution Data node",
    });
  });

const customDataMethods: Record<string, GuestFunction> = {
  get: guest("get", (key) => {
    const values = run.scope.customData ?? {};
    return typeof key === "string" && Object.hasOwn(values, key) ? values[key] : undefined;
  }),
  getAll: guest("getAll", () => ({ ...run.scope.customData })),
  set: notHere("set"),
  setAll: notHere("setAll"),
};

const customData = new Reader(
  "$execution.customData",
  (key) => (Object.hasOwn(customDataMethods, key) ? customDataMethods[key] : undefined),
  () => [],
);

const previousNode = (): unknown => (run.scope.previousNode ? { ...run.scope.previousNode } : {});

/** `$items(node?, output?, run?)`. */
const items = guest("$items", (name, output, runIndex) => fromHost(name === undefined ? run.scope.items : itemsOf(name, output, runIndex)));

/**
 * `$fromAI(key, description?, type?, default?)`: a value that an agent gave the node as its tool. Outside of one it is the item's field
 * of that name, if there is one.
 */
const fromAi = guest("$fromAI", (key, _description, _type, otherwise) => {
  if (typeof key !== "string" || !/^[\w-]{1,64}$/.test(key))
    throw new ExpressionError("$fromAI(): expected a key of letters, digits, - and _");
  const json = run.scope.items[run.itemIndex]?.json ?? {};
  const query = json.query;
  for (const given of [query, json]) {
    if (typeof given === "object" && given !== null && !Array.isArray(given) && Object.hasOwn(given, key)) return fromHost(given[key]);
  }
  return otherwise;
});

/** The variables of the language, each read when it is used. */
export function makeVariables(evaluate: Evaluate): ReadonlyMap<string, () => unknown> {
  const byName = guest("$", nodeReader);
  const evaluateExpression = guest("$evaluateExpression", (template, index) => {
    if (typeof template !== "string") throw new ExpressionError("$evaluateExpression(): expected the text of an expression");
    return evaluate(template.startsWith("=") ? template : `={{ ${template} }}`, index === undefined ? run.itemIndex : toInteger(index));
  });
  const variables = new Map<string, () => unknown>([
    ["$json", () => fromHost(run.scope.items[run.itemIndex]?.json)],
    ["$data", () => fromHost(run.scope.items[run.itemIndex]?.json)],
    ["$binary", () => fromHost(run.scope.items[run.itemIndex]?.binary ?? {})],
    ["$input", () => inputReader],
    ["$", () => byName],
    ["$node", () => nodesReader],
    ["$items", () => items],
    ["$itemIndex", () => run.itemIndex],
    ["$position", () => run.itemIndex],
    ["$runIndex", () => run.scope.runIndex],
    ["$thisItem", () => fromHost(run.scope.items[run.itemIndex])],
    ["$thisItemIndex", () => run.itemIndex],
    ["$thisRunIndex", () => run.scope.runIndex],
    ["$prevNode", previousNode],
    ["$parameter", () => resolved(run.scope.parameters, evaluate, "$parameter")],
    ["$nodeVersion", () => run.scope.nodeVersion],
    ["$version", () => run.scope.nodeVersion],
    ["$workflow", workflow],
    ["$execution", execution],
    ["$mode", () => (run.scope.execution.mode === "test" ? "manual" : "trigger")],
    ["$vars", () => fromHost(run.scope.vars)],
    ["$env", () => fromHost(run.scope.env)],
    ["$now", () => nowOf(run.scope)],
    ["$today", () => nowOf(run.scope).startOf("day")],
    ["$evaluateExpression", () => evaluateExpression],
    ["$fromAI", () => fromAi],
    ["$fromAi", () => fromAi],
    ["$fromai", () => fromAi],
    ["variables", () => fromHost(run.scope.variables)],
    ["trigger", () => fromHost(run.scope.trigger)],
    ["steps", () => stepsReader],
  ]);
  variables.set("$item", () => itemFunction);
  const itemFunction = guest("$item", (index) => {
    const at = index === undefined ? run.itemIndex : toInteger(index);
    return new Reader(
      `$item(${at})`,
      (key) => atItem(at, () => deep(variables.get(key)?.(), at)),
      () => ["$json", "$itemIndex"],
    );
  });
  return variables;
}

/** Runs code as if the item at `index` were the current one. */
function atItem<T>(index: number, code: () => T): T {
  const before = run.itemIndex;
  run.itemIndex = index;
  try {
    return code();
  } finally {
    run.itemIndex = before;
  }
}

/** What is read through `$item(n)` stays at that item: `$item(0).$node["A"].json`. */
function deep(value: unknown, index: number): unknown {
  if (value instanceof GuestFunction) return new GuestFunction((args) => atItem(index, () => deep(value.call(args), index)), value.name);
  if (!(value instanceof Reader)) return value;
  return new Reader(
    value.name,
    (key) => atItem(index, () => deep(value.get(key), index)),
    () => value.keys(),
  );
}

/**
 * A parameter, with the expressions in it evaluated when they are read: the expression that reads may be beside what it reads.
 */
function resolved(value: unknown, evaluate: Evaluate, name: string): unknown {
  if (typeof value === "string") return value.startsWith("=") ? evaluate(value, run.itemIndex) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry, index) => resolved(entry, evaluate, `${name}[${index}]`));
  const entries = value as Record<string, unknown>;
  return new Reader(
    name,
    (key) => (Object.hasOwn(entries, key) ? resolved(entries[key], evaluate, `${name}.${key}`) : undefined),
    () => Object.keys(entries),
  );
}

/** Code for a name that an expression does not declare: a variable, a built-in, one that the visit brings along, or none. */
export function globalCode(name: string, variables: ReadonlyMap<string, () => unknown>): () => unknown {
  const variable = variables.get(name);
  if (variable) return variable;
  if (GLOBALS.has(name)) {
    const value = GLOBALS.get(name);
    return () => value;
  }
  return () => {
    const { extra } = run.scope;
    if (extra && Object.hasOwn(extra, name)) return fromHost(extra[name]);
    throw referenceError(`${name} is not defined`);
  };
}
