import type { ArrayExpression, Expression, Identifier, Literal, ObjectExpression, Super, TemplateLiteral } from "acorn";
import { allocate } from "../budget";
import { ExpressionError, referenceError, ScopeFailure } from "../errors";
import { makeRegExp } from "../methods/regexp";
import { getProperty } from "../properties";
import { checkKey, isPlainObject, keysOf, setOwn, toText, typeOf } from "../values";
import { compileCall, compileList, compileMember, compileNew } from "./access";
import { compileAssignment, compileDelete, compileUpdate } from "./assign";
import { type Code, frameAt, type Scope, UNSET, type Unit, unshort, unsupported } from "./code";
import { compileFunction } from "./function";
import { compileBinary, compileUnary } from "./operators";
import { propertyKey } from "./pattern";

export function compileExpression(node: Expression | Super, scope: Scope | null, unit: Unit): Code {
  const expression = (child: Expression): Code => unit.expression(child, scope);
  switch (node.type) {
    case "Literal":
      return compileLiteral(node);
    case "Identifier":
      return compileIdentifier(node, scope, unit);
    case "ThisExpression":
      return () => undefined;
    case "TemplateLiteral":
      return compileTemplateLiteral(node, expression);
    case "MemberExpression":
      return compileMember(node, expression);
    case "CallExpression":
      return compileCall(node, expression, () => {
        unit.mutates = true;
      });
    case "ChainExpression": {
      const code = expression(node.expression);
      return (frame) => unshort(code(frame));
    }
    case "NewExpression":
      return compileNew(node, expression);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return compileFunction(node, scope, unit);
    case "UnaryExpression":
      if (node.operator === "typeof") return compileTypeof(node.argument, scope, unit);
      if (node.operator === "delete") return compileDelete(node.argument, scope, unit);
      return compileUnary(node, expression(node.argument));
    case "BinaryExpression":
      return compileBinary(node, expression);
    case "LogicalExpression": {
      const left = expression(node.left);
      const right = expression(node.right);
      if (node.operator === "&&") return (frame) => left(frame) && right(frame);
      if (node.operator === "||") return (frame) => left(frame) || right(frame);
      return (frame) => left(frame) ?? right(frame);
    }
    case "ConditionalExpression": {
      const test = expression(node.test);
      const yes = expression(node.consequent);
      const no = expression(node.alternate);
      return (frame) => (test(frame) ? yes(frame) : no(frame));
    }
    case "ArrayExpression":
      return compileArray(node, expression);
    case "ObjectExpression":
      return compileObject(node, scope, unit);
    case "AssignmentExpression":
      return compileAssignment(node, scope, unit);
    case "UpdateExpression":
      return compileUpdate(node, scope, unit);
    case "SequenceExpression": {
      const codes = node.expressions.map(expression);
      return (frame) => {
        let value: unknown;
        for (const code of codes) value = code(frame);
        return value;
      };
    }
    case "ParenthesizedExpression":
      return expression(node.expression);
    default:
      throw unsupported(node, NAMES[node.type] ?? node.type);
  }
}

const NAMES: Record<string, string> = {
  AwaitExpression: "await",
  YieldExpression: "yield",
  ImportExpression: "import()",
  ClassExpression: "a class",
  TaggedTemplateExpression: "a tagged template",
  MetaProperty: "import.meta and new.target",
  Super: "super",
};

function compileLiteral(node: Literal): Code {
  if (node.regex) {
    const { pattern, flags } = node.regex;
    // A new object each time, as in JavaScript: `lastIndex` belongs to it. The compiled pattern is shared.
    return () => makeRegExp(pattern, flags);
  }
  const { value } = node;
  return () => value;
}

function compileIdentifier(node: Identifier, scope: Scope | null, unit: Unit): Code {
  const { name } = node;
  if (name === "undefined") return () => undefined;
  const variable = scope?.find(name);
  if (!variable) return unit.global(name);
  const { depth, slot } = variable;
  const checked = (value: unknown) => {
    if (value === UNSET) throw referenceError(`Cannot access '${name}' before initialization`);
    return value;
  };
  if (depth === 0) return (frame) => checked(frame?.slots[slot]);
  if (depth === 1) return (frame) => checked(frame?.parent?.slots[slot]);
  return (frame) => checked(frameAt(frame, depth).slots[slot]);
}

function compileTypeof(argument: Expression, scope: Scope | null, unit: Unit): Code {
  const code = unit.expression(argument, scope);
  if (argument.type !== "Identifier" || scope?.find(argument.name)) return (frame) => typeOf(unshort(code(frame)));
  return (frame) => {
    try {
      return typeOf(code(frame));
    } catch (error) {
      if (error instanceof ExpressionError || error instanceof ScopeFailure) throw error;
      return "undefined";
    }
  };
}

function compileTemplateLiteral(node: TemplateLiteral, expression: (node: Expression) => Code): Code {
  const texts = node.quasis.map(({ value }) => value.cooked ?? "");
  const codes = node.expressions.map(expression);
  return (frame) => {
    let result = texts[0] as string;
    for (let index = 0; index < codes.length; index++) {
      result += toText((codes[index] as Code)(frame)) + texts[index + 1];
      allocate(result.length);
    }
    return result;
  };
}

function compileArray(node: ArrayExpression, expression: (node: Expression) => Code): Code {
  const list = compileList(node.elements, expression);
  const bytes = node.elements.length * 8;
  return (frame) => {
    allocate(bytes);
    return list(frame);
  };
}

function compileObject(node: ObjectExpression, scope: Scope | null, unit: Unit): Code {
  const expression = (child: Expression) => unit.expression(child, scope);
  const parts = node.properties.map((property) => {
    if (property.type === "SpreadElement") return { key: null, code: expression(property.argument) };
    if (property.kind !== "init") throw unsupported(property, "a getter or setter");
    const key = propertyKey(property, scope, expression);
    if (typeof key === "string" && key === "__proto__") checkKey(key);
    return { key, code: expression(property.value) };
  });
  return (frame) => {
    const object: Record<string, unknown> = {};
    allocate(parts.length * 16);
    for (const { key, code } of parts) {
      const value = code(frame);
      if (key === null) spreadInto(object, value);
      else setOwn(object, typeof key === "string" ? key : (key(frame) as string), value);
    }
    return object;
  };
}

/** `{ ...value }`. */
function spreadInto(object: Record<string, unknown>, value: unknown): void {
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") return;
  const keys = keysOf(value);
  allocate(keys.length * 16);
  const isPlain = isPlainObject(value);
  for (const key of keys) if (key !== "__proto__") object[key] = isPlain ? value[key] : getProperty(value, key);
}
