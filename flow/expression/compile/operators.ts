import type { BinaryExpression, UnaryExpression } from "acorn";
import { allocate, step, stepText } from "../budget";
import { LimitError, ScriptError, typeError } from "../errors";
import { hasProperty } from "../properties";
import {
  describeValue,
  GuestError,
  GuestFunction,
  Instance,
  isFunction,
  Namespace,
  toKey,
  toNumeric,
  toPrimitive,
  toText,
} from "../values";
import { type Code, unsupported } from "./code";

/** Bits that a bigint may have. */
const MAX_BIGINT_BITS = 65_536;
const MAX_BIGINT = 1n << BigInt(MAX_BIGINT_BITS);

function checkBigint<T>(value: T): T {
  if (typeof value === "bigint") {
    step(10);
    if (value > MAX_BIGINT || value < -MAX_BIGINT) throw new LimitError("A number is too big");
  }
  return value;
}

type NumberOperator = (a: number, b: number) => number;

const ARITHMETIC: Record<string, NumberOperator> = {
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  ">>>": (a, b) => a >>> b,
};

/** An operator on operands that are not both numbers. */
function arithmetic(operator: string, apply: NumberOperator, left: unknown, right: unknown): unknown {
  const [a, b] = [toNumeric(left), toNumeric(right)];
  if (typeof a !== "bigint" && typeof b !== "bigint") return apply(Number(a), Number(b));
  if (typeof a !== typeof b) throw typeError("Cannot mix BigInt and other types, use explicit conversions");
  if ((operator === "**" || operator === "<<") && (a as bigint) !== 0n) {
    const bits = operator === "**" ? (a as bigint).toString(16).length * 4 * Number(b) : Number(b);
    if (bits > MAX_BIGINT_BITS) throw new LimitError("A number is too big");
  }
  return checkBigint((apply as unknown as (a: unknown, b: unknown) => unknown)(a, b));
}

/** `left + right`. */
function add(left: unknown, right: unknown): unknown {
  if (typeof left === "number" && typeof right === "number") return left + right;
  const [a, b] = [toPrimitive(left), toPrimitive(right)];
  if (typeof a === "string" || typeof b === "string") {
    const result = `${toText(a)}${toText(b)}`;
    allocate(result.length);
    return result;
  }
  if (typeof a === "bigint" || typeof b === "bigint") {
    if (typeof a !== typeof b) throw typeError("Cannot mix BigInt and other types, use explicit conversions");
    return checkBigint((a as bigint) + (b as bigint));
  }
  return Number(a) + Number(b);
}

/** The value of a binary operator, for `a op b` and `a op= b`. */
export function binaryOperator(operator: string): ((a: unknown, b: unknown) => unknown) | undefined {
  if (operator === "+") return add;
  const apply = Object.hasOwn(ARITHMETIC, operator) ? ARITHMETIC[operator] : undefined;
  if (apply) return (a, b) => (typeof a === "number" && typeof b === "number" ? apply(a, b) : arithmetic(operator, apply, a, b));
  return COMPARISONS.get(operator);
}

function looselyEqual(a: unknown, b: unknown): boolean {
  stepComparison(a, b);
  const objects = (typeof a === "object" && a !== null ? 1 : 0) + (typeof b === "object" && b !== null ? 1 : 0);
  if (objects !== 1 || a === null || b === null || a === undefined || b === undefined) return equal(a, b);
  return equal(toPrimitive(a), toPrimitive(b));
}

// biome-ignore lint/suspicious/noDoubleEquals: this is the language's own ==
const equal = (a: unknown, b: unknown): boolean => a == b;

type Ordering = (a: never, b: never) => boolean;

const ordering = (compare: (a: number, b: number) => boolean) => (a: unknown, b: unknown) => {
  if (typeof a === "number" && typeof b === "number") return compare(a, b);
  stepComparison(a, b);
  return (compare as Ordering)(toNumeric(a) as never, toNumeric(b) as never);
};

/** Long texts are compared character by character. */
function stepComparison(a: unknown, b: unknown): void {
  if (typeof a === "string" && a.length > 256 && typeof b === "string") stepText(Math.min(a.length, b.length));
}

function strictlyEqual(a: unknown, b: unknown): boolean {
  stepComparison(a, b);
  return a === b;
}

const COMPARISONS = new Map<string, (a: unknown, b: unknown) => unknown>([
  ["===", strictlyEqual],
  ["!==", (a, b) => !strictlyEqual(a, b)],
  ["==", looselyEqual],
  ["!=", (a, b) => !looselyEqual(a, b)],
  ["<", ordering((a, b) => a < b)],
  [">", ordering((a, b) => a > b)],
  ["<=", ordering((a, b) => a <= b)],
  [">=", ordering((a, b) => a >= b)],
  ["in", (a, b) => hasProperty(b, toKey(a))],
  ["instanceof", isInstance],
]);

function isInstance(value: unknown, type: unknown): boolean {
  if (type instanceof Namespace) {
    if (type.traits.has) return type.traits.has(value);
    if (value instanceof Instance) return value.kind === type.name;
    if (value instanceof GuestError) return value.name === type.name;
    if (isFunction(type)) return false;
  }
  if (type instanceof GuestFunction) return false;
  throw typeError(`Right-hand side of 'instanceof' is not callable: ${describeValue(type)}`);
}

export function compileBinary(node: BinaryExpression, expression: (node: BinaryExpression["right"]) => Code): Code {
  if (node.left.type === "PrivateIdentifier") throw unsupported(node, "a private name");
  const left = expression(node.left);
  const right = expression(node.right);
  const apply = binaryOperator(node.operator);
  if (!apply) throw unsupported(node, `the operator ${node.operator}`);
  return (frame) => apply(left(frame), right(frame));
}

export function compileUnary(node: UnaryExpression, operand: Code): Code {
  switch (node.operator) {
    case "!":
      return (frame) => !operand(frame);
    case "-":
      return (frame) => {
        const value = operand(frame);
        if (typeof value === "number") return -value;
        const numeric = toNumeric(value);
        return typeof numeric === "bigint" ? -numeric : -Number(numeric);
      };
    case "+":
      return (frame) => {
        const value = toNumeric(operand(frame));
        if (typeof value === "bigint") throw new ScriptError("TypeError", "Cannot convert a BigInt value to a number");
        return Number(value);
      };
    case "~":
      return (frame) => {
        const value = toNumeric(operand(frame));
        return typeof value === "bigint" ? ~value : ~Number(value);
      };
    case "void":
      return (frame) => {
        operand(frame);
        return undefined;
      };
    default:
      throw unsupported(node, `the operator ${node.operator}`);
  }
}
