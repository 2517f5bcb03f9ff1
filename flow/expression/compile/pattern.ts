import type { Expression, Pattern, Property, RestElement } from "acorn";
import { allocate } from "../budget";
import { typeError } from "../errors";
import { getProperty } from "../properties";
import { checkKey, describeValue, iterate, keysOf, setOwn, toKey } from "../values";
import { type Binder, type Code, type Frame, type Scope, unshort, unsupported } from "./code";

/** What a pattern's leaves do with their value: fill a declared variable or assign to a target. */
type Leaf = (node: Pattern, scope: Scope) => Binder;

/** Code that takes a value apart as a pattern says. */
export function compilePattern(pattern: Pattern, scope: Scope, leaf: Leaf): Binder {
  switch (pattern.type) {
    case "AssignmentPattern": {
      const target = compilePattern(pattern.left, scope, leaf);
      const fallback = scope.unit.expression(pattern.right, scope);
      return (frame, value) => target(frame, value === undefined ? unshort(fallback(frame)) : value);
    }
    case "ArrayPattern": {
      const targets = pattern.elements.map((element) =>
        element === null
          ? null
          : {
              rest: element.type === "RestElement",
              bind: compilePattern(element.type === "RestElement" ? element.argument : element, scope, leaf),
            },
      );
      return (frame, value) => {
        const items = iterate(value);
        for (const [index, target] of targets.entries()) {
          if (target?.rest) allocate(items.length * 8);
          target?.bind(frame, target.rest ? items.slice(index) : items[index]);
        }
      };
    }
    case "ObjectPattern":
      return compileObjectPattern(pattern.properties, scope, leaf);
    default:
      return leaf(pattern, scope);
  }
}

function compileObjectPattern(properties: (Property | RestElement)[] | unknown[], scope: Scope, leaf: Leaf): Binder {
  const targets = (properties as (Property | RestElement)[]).map((property) => {
    if (property.type === "RestElement") return { key: null, bind: compilePattern(property.argument, scope, leaf) };
    return { key: propertyKey(property, scope), bind: compilePattern(property.value as unknown as Pattern, scope, leaf) };
  });
  return (frame, value) => {
    if (value === null || value === undefined) throw typeError(`Cannot destructure ${describeValue(value)}`);
    const used = new Set<string>();
    for (const { key, bind } of targets) {
      if (key === null) bind(frame, rest(value, used));
      else {
        const name = typeof key === "string" ? key : (key(frame) as string);
        checkKey(name);
        used.add(name);
        bind(frame, getProperty(value, name));
      }
    }
  };
}

function rest(value: unknown, used: ReadonlySet<string>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of keysOf(value)) {
    allocate(16);
    if (!used.has(key) && key !== "__proto__") setOwn(result, key, getProperty(value, key));
  }
  return result;
}

/** The key of a property in an object literal or pattern. */
export function propertyKey(
  property: Pick<Property, "key" | "computed">,
  scope: Scope | null,
  expression?: (node: Expression) => Code,
): string | Code {
  if (!property.computed) {
    if (property.key.type === "Identifier") return property.key.name;
    if (property.key.type === "Literal") return String(property.key.value);
    throw unsupported(property.key, property.key.type);
  }
  const code = expression ? expression(property.key) : (scope as Scope).unit.expression(property.key, scope);
  return (frame: Frame | null) => toKey(code(frame));
}
