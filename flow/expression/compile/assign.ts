import type { AssignmentExpression, Expression, MemberExpression, Pattern, UpdateExpression } from "acorn";
import { referenceError, typeError } from "../errors";
import { deleteProperty, getProperty, setProperty } from "../properties";
import { toNumeric } from "../values";
import { memberKey } from "./access";
import { type Binder, type Code, type Frame, frameAt, type Scope, UNSET, type Unit, unshort, unsupported } from "./code";
import { binaryOperator } from "./operators";
import { compilePattern } from "./pattern";

/** A place that can be read and written: a variable or a member. `read` and `write` share what `locate` found. */
interface Place {
  locate(frame: Frame | null): unknown;
  read(frame: Frame | null, located: unknown): unknown;
  write(frame: Frame | null, located: unknown, value: unknown): void;
}

function variablePlace(name: string, scope: Scope | null): Place {
  const variable = scope?.find(name);
  return {
    locate: () => undefined,
    read: (frame) => {
      if (!variable) throw referenceError(`${name} is not defined`);
      const value = frameAt(frame, variable.depth).slots[variable.slot];
      if (value === UNSET) throw referenceError(`Cannot access '${name}' before initialization`);
      return value;
    },
    write: (frame, _, value) => {
      if (!variable) throw referenceError(`${name} is not defined`);
      const { slots } = frameAt(frame, variable.depth);
      if (slots[variable.slot] === UNSET) throw referenceError(`Cannot access '${name}' before initialization`);
      if (variable.constant) throw typeError("Assignment to constant variable.");
      slots[variable.slot] = value;
    },
  };
}

function memberPlace(node: MemberExpression, scope: Scope | null, unit: Unit): Place {
  if (node.object.type === "Super") throw unsupported(node, "super");
  unit.mutates = true;
  const object = unit.expression(node.object, scope);
  const key = memberKey(node, (child) => unit.expression(child, scope));
  return {
    locate: (frame) => [unshort(object(frame)), typeof key === "string" ? key : key(frame)],
    read: (_, located) => {
      const [value, name] = located as [unknown, string];
      return getProperty(value, name);
    },
    write: (_, located, content) => {
      const [value, name] = located as [unknown, string];
      setProperty(value, name, content);
    },
  };
}

function place(node: Pattern | Expression, scope: Scope | null, unit: Unit): Place {
  if (node.type === "Identifier") return variablePlace(node.name, scope);
  if (node.type === "MemberExpression") return memberPlace(node, scope, unit);
  if (node.type === "ParenthesizedExpression") return place(node.expression, scope, unit);
  throw unsupported(node, `an assignment to ${node.type}`);
}

/** The binder of a pattern that assigns to existing places. */
export function assigning(pattern: Pattern, scope: Scope | null, unit: Unit): Binder {
  return compilePattern(pattern, scope as Scope, (node) => {
    const target = place(node, scope, unit);
    return (frame, value) => target.write(frame, target.locate(frame), value);
  });
}

export function compileAssignment(node: AssignmentExpression, scope: Scope | null, unit: Unit): Code {
  const right = unit.expression(node.right, scope);
  if (node.operator === "=") {
    if (node.left.type === "ObjectPattern" || node.left.type === "ArrayPattern") {
      const assign = assigning(node.left, scope, unit);
      return (frame) => {
        const value = unshort(right(frame));
        assign(frame as Frame, value);
        return value;
      };
    }
    const target = place(node.left, scope, unit);
    return (frame) => {
      const located = target.locate(frame);
      const value = unshort(right(frame));
      target.write(frame, located, value);
      return value;
    };
  }
  const target = place(node.left, scope, unit);
  const operator = node.operator.slice(0, -1);
  if (operator === "??" || operator === "||" || operator === "&&") return compileLogicalAssignment(operator, target, right);
  const apply = binaryOperator(operator);
  if (!apply) throw unsupported(node, `the operator ${node.operator}`);
  return (frame) => {
    const located = target.locate(frame);
    const value = apply(target.read(frame, located), right(frame));
    target.write(frame, located, value);
    return value;
  };
}

function compileLogicalAssignment(operator: "??" | "||" | "&&", target: Place, right: Code): Code {
  const goesOn = {
    "??": (value: unknown) => value === null || value === undefined,
    "||": (value: unknown) => !value,
    "&&": (value: unknown) => Boolean(value),
  }[operator];
  return (frame) => {
    const located = target.locate(frame);
    const before = target.read(frame, located);
    if (!goesOn(before)) return before;
    const value = unshort(right(frame));
    target.write(frame, located, value);
    return value;
  };
}

export function compileUpdate(node: UpdateExpression, scope: Scope | null, unit: Unit): Code {
  const target = place(node.argument, scope, unit);
  const change = node.operator === "++" ? 1 : -1;
  return (frame) => {
    const located = target.locate(frame);
    const numeric = toNumeric(target.read(frame, located));
    const before = typeof numeric === "bigint" ? numeric : Number(numeric);
    const after = typeof before === "bigint" ? before + BigInt(change) : before + change;
    target.write(frame, located, after);
    return node.prefix ? after : before;
  };
}

/** `delete object.key`. */
export function compileDelete(argument: Expression, scope: Scope | null, unit: Unit): Code {
  const target = argument.type === "ChainExpression" ? argument.expression : argument;
  if (target.type !== "MemberExpression" || target.object.type === "Super")
    throw unsupported(argument, "delete of something that is no property");
  unit.mutates = true;
  const object = unit.expression(target.object, scope);
  const key = memberKey(target, (child) => unit.expression(child, scope));
  const { optional } = target;
  return (frame) => {
    const value = unshort(object(frame));
    if (optional && (value === null || value === undefined)) return true;
    return deleteProperty(value, typeof key === "string" ? key : (key(frame) as string));
  };
}
