import type { z } from "zod";
import { ParameterError } from "../execution/errors";
import { checkTemplate, isExpression } from "../expression/template";
import type { GraphNode } from "../graph/schema";
import type { JsonObject } from "../item";
import type { AnyNodeDefinition, NodeDefinition } from "./define-node";
import { isLiteral } from "./literal-paths";
import { emptyRequiredFields } from "./required-fields";

/** One thing that is wrong with a node's parameters, found without running it. */
export interface ParameterIssue {
  /** Path of the parameter: `fields[0].value`. */
  field: string;
  message: string;
  code: "parameter" | "expression" | "required";
}

type Path = readonly PropertyKey[];
type ZodIssue = z.core.$ZodIssue;

/** Parsed parameters of nodes without expressions, by their raw object: the same for every item. */
const parsedStatic = new WeakMap<object, unknown>();

/** `["fields", 0, "value"]` as `fields[0].value`. */
export const fieldPath = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`),
    "",
  );

/**
 * Parameters with their expressions resolved, checked against the definition and with defaults filled in. Where an expression
 * gave a number or a truth value for a text, or a text for one of those, it is converted as n8n does.
 *
 * @param raw The unresolved parameters; when `resolved` is the same object, the node has no expressions and the result is remembered.
 * @returns Treat as immutable: items may share it.
 * @throws ParameterError with the path of the first field that does not fit.
 */
export function parseParameters<P extends z.ZodObject>(
  definition: NodeDefinition<P>,
  resolved: JsonObject,
  itemIndex?: number,
  raw?: JsonObject,
): z.infer<P> {
  const isStatic = resolved === raw;
  const known = isStatic ? parsedStatic.get(resolved) : undefined;
  if (known !== undefined) return known as z.infer<P>;
  let result = definition.parameters.safeParse(resolved);
  if (!result.success) result = definition.parameters.safeParse(converted(resolved, result.error.issues));
  if (!result.success) {
    const issue = result.error.issues[0] as ZodIssue;
    throw new ParameterError(fieldPath(issue.path), reasonOf(issue, valueAt(resolved, issue.path)), itemIndex);
  }
  if (isStatic) parsedStatic.set(resolved, result.data);
  return result.data as z.infer<P>;
}

/**
 * What can be known to be wrong before any data is there: required fields that are empty, fields that fail the schema and
 * expressions with a syntax error.
 * What an expression will give is not judged.
 */
export function checkParameters(definition: AnyNodeDefinition, raw: JsonObject): ParameterIssue[] {
  const expressions = new Set<string>();
  const issues: ParameterIssue[] = [];
  collectExpressions(definition, raw, [], expressions, issues);
  for (const path of emptyRequiredFields(definition, raw)) {
    issues.push({ field: fieldPath(path), message: "is empty: fill it in", code: "required" });
  }
  let result = definition.parameters.safeParse(raw);
  if (!result.success) result = definition.parameters.safeParse(converted(raw, result.error.issues));
  if (result.success) return issues;
  for (const issue of result.error.issues as ZodIssue[]) {
    if (dependsOnExpression(issue, expressions)) continue;
    issues.push({ field: fieldPath(issue.path), message: reasonOf(issue, valueAt(raw, issue.path)), code: "parameter" });
  }
  return issues;
}

/**
 * Parameters as the definition's current version shapes them. A node saved by a later version stays as it is: its schema decides.
 */
export function migrateParameters(definition: AnyNodeDefinition, node: Pick<GraphNode, "version" | "parameters">): JsonObject {
  let parameters = node.parameters;
  for (let version = node.version; version < definition.version; version++) {
    parameters = definition.migrations?.[version]?.(parameters) ?? parameters;
  }
  return parameters;
}

function collectExpressions(definition: AnyNodeDefinition, value: unknown, path: Path, found: Set<string>, issues: ParameterIssue[]): void {
  const field = fieldPath(path);
  if (isExpression(value)) {
    if (isLiteral(definition, field)) return;
    found.add(field);
    const wrong = checkTemplate(value);
    if (wrong) issues.push({ field, message: `${wrong.message} (at character ${wrong.position + 1})`, code: "expression" });
  } else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) collectExpressions(definition, entry, [...path, index], found, issues);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, entry] of Object.entries(value)) collectExpressions(definition, entry, [...path, key], found, issues);
  }
}

function dependsOnExpression(issue: ZodIssue, expressions: ReadonlySet<string>): boolean {
  for (let length = 1; length <= issue.path.length; length++) {
    if (expressions.has(fieldPath(issue.path.slice(0, length)))) return true;
  }
  // Unions and whole-object rules look at everything below them.
  if (issue.code !== "invalid_union" && issue.code !== "custom") return false;
  const field = fieldPath(issue.path);
  return [...expressions].some((path) => field === "" || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}

/** A copy in which the values that the issues complain about are converted where that loses nothing. */
function converted(resolved: JsonObject, issues: readonly ZodIssue[]): JsonObject {
  let copy: JsonObject | undefined;
  for (const issue of issues) {
    if (issue.code !== "invalid_type" || issue.path.length === 0) continue;
    const value = convert(issue.expected, valueAt(resolved, issue.path));
    if (value === undefined) continue;
    copy ??= structuredClone(resolved);
    const parent = valueAt(copy, issue.path.slice(0, -1)) as Record<PropertyKey, unknown>;
    parent[issue.path.at(-1) as PropertyKey] = value;
  }
  return copy ?? resolved;
}

function convert(expected: string, value: unknown): string | number | boolean | undefined {
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if ((expected === "number" || expected === "int") && typeof value === "string" && value.trim() !== "") {
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
  if (expected === "boolean" && (value === "true" || value === "false")) return value === "true";
  return undefined;
}

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );

const kindOf = (value: unknown): string => {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const shown = JSON.stringify(value);
  return `the ${typeof value} ${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}`;
};

const EXPECTED: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function reasonOf(issue: ZodIssue, value: unknown): string {
  if (issue.code === "invalid_type") return `expected ${EXPECTED[issue.expected] ?? issue.expected}, got ${kindOf(value)}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}; got ${kindOf(value)}`;
  return issue.message;
}
