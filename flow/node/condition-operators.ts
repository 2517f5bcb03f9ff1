import { DateTime } from "luxon";
import type { ConditionType } from "./condition-operands";
import { matchesPattern } from "./match-pattern";

export interface ConditionOperator {
  operation: string;
  label: string;
  /** Has no right side. */
  unary?: true;
  /** Type of the right side where it is not that of the left. */
  rightType?: ConditionType | "any";
}

const EXISTENCE: ConditionOperator[] = [
  { operation: "exists", label: "exists", unary: true },
  { operation: "notExists", label: "does not exist", unary: true },
  { operation: "empty", label: "is empty", unary: true },
  { operation: "notEmpty", label: "is not empty", unary: true },
];
const EQUALITY: ConditionOperator[] = [
  { operation: "equals", label: "is equal to" },
  { operation: "notEquals", label: "is not equal to" },
];

/** Every operation of every type, in the order in which an editor offers them. */
export const CONDITION_OPERATORS: Record<ConditionType, readonly ConditionOperator[]> = {
  string: [
    ...EXISTENCE,
    ...EQUALITY,
    { operation: "contains", label: "contains" },
    { operation: "notContains", label: "does not contain" },
    { operation: "startsWith", label: "starts with" },
    { operation: "notStartsWith", label: "does not start with" },
    { operation: "endsWith", label: "ends with" },
    { operation: "notEndsWith", label: "does not end with" },
    { operation: "regex", label: "matches regex" },
    { operation: "notRegex", label: "does not match regex" },
  ],
  number: [
    ...EXISTENCE,
    ...EQUALITY,
    { operation: "gt", label: "is greater than" },
    { operation: "lt", label: "is less than" },
    { operation: "gte", label: "is greater than or equal to" },
    { operation: "lte", label: "is less than or equal to" },
  ],
  dateTime: [
    ...EXISTENCE,
    ...EQUALITY,
    { operation: "after", label: "is after" },
    { operation: "before", label: "is before" },
    { operation: "afterOrEquals", label: "is after or equal to" },
    { operation: "beforeOrEquals", label: "is before or equal to" },
  ],
  boolean: [
    ...EXISTENCE,
    { operation: "true", label: "is true", unary: true },
    { operation: "false", label: "is false", unary: true },
    ...EQUALITY,
  ],
  array: [
    ...EXISTENCE,
    { operation: "contains", label: "contains", rightType: "any" },
    { operation: "notContains", label: "does not contain", rightType: "any" },
    { operation: "lengthEquals", label: "length equal to", rightType: "number" },
    { operation: "lengthNotEquals", label: "length not equal to", rightType: "number" },
    { operation: "lengthGt", label: "length greater than", rightType: "number" },
    { operation: "lengthLt", label: "length less than", rightType: "number" },
    { operation: "lengthGte", label: "length greater than or equal to", rightType: "number" },
    { operation: "lengthLte", label: "length less than or equal to", rightType: "number" },
  ],
  object: EXISTENCE,
};

const find = (type: ConditionType, operation: string): ConditionOperator | undefined =>
  CONDITION_OPERATORS[type].find((operator) => operator.operation === operation);

export const isKnownOperation = (type: ConditionType, operation: string): boolean => find(type, operation) !== undefined;
export const isUnary = (type: ConditionType, operation: string): boolean => find(type, operation)?.unary ?? false;
export const rightTypeOf = (type: ConditionType, operation: string): ConditionType | "any" => find(type, operation)?.rightType ?? type;

/** Applies an operation to operands of its types. @throws Error for an operation that the type does not have, or a bad pattern. */
export function compare(type: ConditionType, operation: string, left: unknown, right: unknown, ignoreCase: boolean): boolean {
  const exists = left !== undefined && left !== null && !Number.isNaN(left);
  if (operation === "exists") return exists;
  if (operation === "notExists") return !exists;
  const result = COMPARE[type](operation, left, right, ignoreCase, exists);
  if (result === undefined) throw new Error(`There is no operation "${operation}" for ${type} values`);
  return result;
}

type Compare = (operation: string, left: unknown, right: unknown, ignoreCase: boolean, exists: boolean) => boolean | undefined;

const COMPARE: Record<ConditionType, Compare> = {
  string(operation, leftValue, rightValue, ignoreCase) {
    const fold = (value: unknown): string => (ignoreCase ? String(value ?? "").toLocaleLowerCase() : String(value ?? ""));
    const text = fold(leftValue);
    if (operation === "regex" || operation === "notRegex") {
      return matchesPattern(String(leftValue ?? ""), String(rightValue ?? ""), ignoreCase) === (operation === "regex");
    }
    const other = fold(rightValue);
    switch (operation) {
      case "empty":
        return text.length === 0;
      case "notEmpty":
        return text.length > 0;
      case "equals":
        return text === other;
      case "notEquals":
        return text !== other;
      case "contains":
        return text.includes(other);
      case "notContains":
        return !text.includes(other);
      case "startsWith":
        return text.startsWith(other);
      case "notStartsWith":
        return !text.startsWith(other);
      case "endsWith":
        return text.endsWith(other);
      case "notEndsWith":
        return !text.endsWith(other);
    }
  },
  number(operation, left, right, _, exists) {
    // As JavaScript compares: null counts as 0, undefined as no number.
    const [a, b] = [left as number, right as number];
    switch (operation) {
      case "empty":
        return !exists;
      case "notEmpty":
        return exists;
      case "equals":
        return a === b;
      case "notEquals":
        return a !== b;
      case "gt":
        return a > b;
      case "lt":
        return a < b;
      case "gte":
        return a >= b;
      case "lte":
        return a <= b;
    }
  },
  dateTime(operation, left, right, _, exists) {
    if (operation === "empty") return !exists;
    if (operation === "notEmpty") return exists;
    if (!find("dateTime", operation)) return undefined;
    if (!DateTime.isDateTime(left) || !DateTime.isDateTime(right)) return false;
    const difference = left.toMillis() - right.toMillis();
    switch (operation) {
      case "equals":
        return difference === 0;
      case "notEquals":
        return difference !== 0;
      case "after":
        return difference > 0;
      case "before":
        return difference < 0;
      case "afterOrEquals":
        return difference >= 0;
      case "beforeOrEquals":
        return difference <= 0;
    }
  },
  boolean(operation, left, right, _, exists) {
    switch (operation) {
      case "empty":
        return !exists;
      case "notEmpty":
        return exists;
      case "true":
        return Boolean(left);
      case "false":
        return !left;
      case "equals":
        return left === right;
      case "notEquals":
        return left !== right;
    }
  },
  array(operation, left, right, ignoreCase) {
    const list = (left ?? []) as unknown[];
    const fold = (value: unknown): unknown => (ignoreCase && typeof value === "string" ? value.toLocaleLowerCase() : value);
    const length = right as number;
    switch (operation) {
      case "empty":
        return list.length === 0;
      case "notEmpty":
        return list.length > 0;
      case "contains":
        return list.map(fold).includes(fold(right));
      case "notContains":
        return !list.map(fold).includes(fold(right));
      case "lengthEquals":
        return list.length === length;
      case "lengthNotEquals":
        return list.length !== length;
      case "lengthGt":
        return list.length > length;
      case "lengthLt":
        return list.length < length;
      case "lengthGte":
        return list.length >= length;
      case "lengthLte":
        return list.length <= length;
    }
  },
  object(operation, left) {
    const isEmpty = !left || Object.keys(left).length === 0;
    if (operation === "empty") return isEmpty;
    if (operation === "notEmpty") return !isEmpty;
    return undefined;
  },
};
