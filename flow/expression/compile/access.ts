import type { CallExpression, Expression, MemberExpression, NewExpression, SpreadElement } from "acorn";
import { allocate, step } from "../budget";
import { typeError } from "../errors";
import { MUTATING } from "../methods/array-mutating";
import { callFunction } from "../methods/table";
import { callMethod, getProperty, isCallable } from "../properties";
import { checkKey, describeValue, iterate, Namespace, toKey } from "../values";
import { type Code, type Frame, SHORT, unsupported } from "./code";

/** The key of a member expression: known when it is written out. */
export function memberKey(node: MemberExpression, unitExpression: (node: Expression) => Code): string | Code {
  if (node.property.type === "PrivateIdentifier") throw unsupported(node, "a private name");
  if (!node.computed) {
    if (node.property.type !== "Identifier") throw unsupported(node, node.property.type);
    return node.property.name;
  }
  if (node.property.type === "Literal" && (typeof node.property.value === "string" || typeof node.property.value === "number")) {
    return String(node.property.value);
  }
  const key = unitExpression(node.property as Expression);
  return (frame) => toKey(key(frame));
}

export function compileMember(node: MemberExpression, expression: (node: Expression) => Code): Code {
  if (node.object.type === "Super") throw unsupported(node, "super");
  const object = expression(node.object);
  const key = memberKey(node, expression);
  const { optional } = node;
  if (typeof key === "string") {
    checkKey(key);
    return (frame) => {
      const value = object(frame);
      if (value === SHORT || (optional && (value === null || value === undefined))) return SHORT;
      return getProperty(value, key);
    };
  }
  return (frame) => {
    const value = object(frame);
    if (value === SHORT || (optional && (value === null || value === undefined))) return SHORT;
    const name = key(frame) as string;
    checkKey(name);
    return getProperty(value, name);
  };
}

export function compileCall(node: CallExpression, expression: (node: Expression) => Code, note: () => void): Code {
  if (node.callee.type === "Super") throw unsupported(node, "super");
  const args = compileList(node.arguments, expression);
  if (node.callee.type === "MemberExpression") return compileMethodCall(node, node.callee, expression, args, note);
  const callee = expression(node.callee);
  const { optional } = node;
  return (frame) => {
    const f = callee(frame);
    if (f === SHORT || (optional && (f === null || f === undefined))) return SHORT;
    step();
    return callFunction(f, args(frame));
  };
}

function compileMethodCall(
  node: CallExpression,
  callee: MemberExpression,
  expression: (node: Expression) => Code,
  args: ListCode,
  note: () => void,
): Code {
  if (callee.object.type === "Super") throw unsupported(node, "super");
  const object = expression(callee.object);
  const key = memberKey(callee, expression);
  // A computed name may be any method's.
  if (typeof key !== "string" || MUTATING.has(key)) note();
  if (typeof key === "string") checkKey(key);
  const nullSafe = callee.optional;
  const { optional } = node;
  return (frame) => {
    const value = object(frame);
    if (value === SHORT || (nullSafe && (value === null || value === undefined))) return SHORT;
    const name = typeof key === "string" ? key : (key(frame) as string);
    if (optional && value !== null && value !== undefined) {
      checkKey(name);
      if (!isCallable(value, name) && (getProperty(value, name) ?? null) === null) return SHORT;
    }
    return callMethod(value, name, args(frame));
  };
}

type ListCode = (frame: Frame | null) => unknown[];

const MAX_ARGUMENTS = 60_000;

/** A list of values with spreads, for arguments and array literals; a hole is undefined. */
export function compileList(nodes: (Expression | SpreadElement | null)[], expression: (node: Expression) => Code): ListCode {
  if (nodes.some((node) => node?.type === "SpreadElement")) return compileSpreads(nodes, expression);
  const codes = nodes.map((node) => (node === null ? () => undefined : expression(node as Expression)));
  const [first, second] = codes;
  if (!first) return () => [];
  if (!second) return (frame) => [first(frame)];
  if (codes.length === 2) return (frame) => [first(frame), second(frame)];
  return (frame) => codes.map((code) => code(frame));
}

function compileSpreads(nodes: (Expression | SpreadElement | null)[], expression: (node: Expression) => Code): ListCode {
  const parts = nodes.map((node) => {
    if (node === null) return { spread: false, code: () => undefined };
    return node.type === "SpreadElement" ? { spread: true, code: expression(node.argument) } : { spread: false, code: expression(node) };
  });
  return (frame) => {
    const values: unknown[] = [];
    for (const { spread, code } of parts) {
      if (!spread) {
        values.push(code(frame));
        continue;
      }
      const items = iterate(code(frame));
      allocate(items.length * 8);
      step(items.length >> 3);
      for (const item of items) values.push(item);
    }
    return values;
  };
}

export function compileNew(node: NewExpression, expression: (node: Expression) => Code): Code {
  const callee = expression(node.callee);
  const args = compileList(node.arguments, expression);
  return (frame) => {
    step();
    const type = callee(frame);
    if (!(type instanceof Namespace) || !type.traits.construct) throw typeError(`${describeValue(type)} is not a constructor`);
    const values = args(frame);
    if (values.length > MAX_ARGUMENTS) throw typeError("Too many arguments");
    return type.traits.construct(values);
  };
}
