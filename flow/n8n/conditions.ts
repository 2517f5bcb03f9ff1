import type { Json, JsonObject } from "../item";
import { CONDITION_OPERATORS, isKnownOperation } from "../node/condition-operators";
import type { Source } from "./source";

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const isExpression = (value: unknown): boolean => typeof value === "string" && value.startsWith("=");

/** What is typed into a field of a type is of that type, even where the export holds it as text. */
function typed(value: Json | undefined, type: unknown): Json {
  if (value === undefined) return null;
  if (typeof value !== "string" || isExpression(value)) return value;
  if (type === "number" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}

/**
 * Conditions as If 2, Switch 3 and Filter 2 keep them: ours, but for what stands around them.
 * A condition of any type converts all of them: values of another type would fail it otherwise.
 *
 * @param loose The node's own switch for converting types
 */
export function conditionsOf(value: Json | undefined, ignoreCase: boolean, loose: boolean): JsonObject {
  const given = isObject(value) ? value : {};
  const options = isObject(given.options) ? given.options : {};
  const list = Array.isArray(given.conditions) ? given.conditions.filter(isObject) : [];
  const ofAnyType = list.some(({ operator }) => isObject(operator) && operator.type === "any");
  return {
    combinator: given.combinator === "or" ? "or" : "and",
    conditions: list.map((condition) => {
      const operator = isObject(condition.operator) ? condition.operator : {};
      const { operation = "equals", rightType, singleValue } = operator;
      const type = operator.type === undefined || operator.type === "any" ? "string" : operator.type;
      if (!isType(type) || !isKnownOperation(type, String(operation))) return NEVER;
      return {
        ...(typeof condition.id === "string" && { id: condition.id }),
        leftValue: typed(condition.leftValue, type),
        operator: {
          type,
          operation,
          ...(typeof rightType === "string" && { rightType }),
          ...(typeof singleValue === "boolean" && { singleValue }),
        },
        ...(condition.rightValue !== undefined && { rightValue: typed(condition.rightValue, rightType ?? type) }),
      };
    }),
    options: {
      caseSensitive: options.caseSensitive !== false && !ignoreCase,
      typeValidation: options.typeValidation === "loose" || loose || ofAnyType ? "loose" : "strict",
    },
  };
}

const isType = (type: unknown): type is keyof typeof CONDITION_OPERATORS =>
  typeof type === "string" && Object.hasOwn(CONDITION_OPERATORS, type);

/** A condition that nothing meets: what n8n makes of an operation that it does not know, and for outputs that no rule names. */
export const NEVER: JsonObject = { leftValue: true, operator: { type: "boolean", operation: "false", singleValue: true } };

/** Which operation of ours one of n8n's first conditions is, by type. */
const LEGACY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  boolean: { equal: "equals", notEqual: "notEquals" },
  dateTime: { after: "after", before: "before" },
  number: {
    smaller: "lt",
    smallerEqual: "lte",
    equal: "equals",
    notEqual: "notEquals",
    larger: "gt",
    largerEqual: "gte",
    isEmpty: "empty",
    isNotEmpty: "notEmpty",
  },
  string: {
    contains: "contains",
    notContains: "notContains",
    startsWith: "startsWith",
    notStartsWith: "notStartsWith",
    endsWith: "endsWith",
    notEndsWith: "notEndsWith",
    equal: "equals",
    notEqual: "notEquals",
    regex: "regex",
    notRegex: "notRegex",
    isEmpty: "empty",
    isNotEmpty: "notEmpty",
  },
};

const UNARY: ReadonlySet<string> = new Set(["empty", "notEmpty"]);

/** One condition of If 1, Filter 1 or Switch 1; null, and a report, for an operation that is not known. */
export function legacyCondition(
  source: Source,
  field: string,
  type: string,
  fallback: string,
  given: { operation?: Json; value1?: Json; value2?: Json },
): JsonObject | null {
  const name = String(given.operation ?? fallback);
  const operation = LEGACY[type]?.[name];
  if (!operation) {
    source.missing(field, `the operation "${name}" of ${type} values has no counterpart; the condition is left out`);
    return null;
  }
  const empty = type === "boolean" ? false : type === "number" ? 0 : "";
  return {
    leftValue: typed(given.value1 ?? empty, type),
    operator: { type, operation, ...(UNARY.has(operation) && { singleValue: true }) },
    ...(!UNARY.has(operation) && { rightValue: typed(given.value2 ?? empty, type) }),
  };
}

/** Types were converted without a word then. */
export const LEGACY_OPTIONS: JsonObject = { caseSensitive: true, typeValidation: "loose" };

const DEFAULT_OPERATION: Readonly<Record<string, string>> = { boolean: "equal", dateTime: "after", number: "smaller", string: "equal" };

/** Conditions of If 1 and Filter 1: a list for each type. */
export function legacyConditions(source: Source, path: string, combinator: "and" | "or"): JsonObject {
  const conditions = Object.entries(DEFAULT_OPERATION).flatMap(([type, fallback]) =>
    source
      .list(`${path}.${type}`)
      .flatMap((given, index) => legacyCondition(source, `${path}.${type}[${index}]`, type, fallback, given) ?? []),
  );
  return { combinator, conditions, options: LEGACY_OPTIONS };
}
