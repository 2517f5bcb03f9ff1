import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateTemplate, renameNodeInTemplate, templateReferences, toJson } from "../template";
import { testScope } from "../testing";

const json = fc.object({
  // JSON that arrives never has the key: it is left out on the way in.
  key: fc.string().filter((key) => key !== "__proto__"),
  maxDepth: 3,
  values: [fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)],
  withNullPrototype: false,
}) as fc.Arbitrary<Record<string, never>>;

const atom = fc.oneof(
  fc.constantFrom(
    "$json",
    "$json.a",
    "$json.b.c",
    "$input",
    "$input.all()",
    "$('A')",
    "$('A').item",
    "$now",
    "undefined",
    "null",
    "NaN",
    "[]",
    "{}",
    "''",
    "x",
  ),
  fc.constantFrom(
    "Math",
    "JSON",
    "Object",
    "Array",
    "String",
    "Date",
    "DateTime",
    "$",
    "$if",
    "Map",
    "RegExp",
    "variables",
    "steps",
    "this",
  ),
  fc.integer({ min: -5, max: 1000 }).map(String),
  fc.string({ maxLength: 10 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    "/a+/g",
    "/(x)|y/i",
    "new Set([1])",
    "new Map()",
    "new Date(0)",
    "(x => x)",
    "((a, b) => [a, b])",
    "[1, 'a', null]",
    "{a: {b: [1]}}",
  ),
);
const name = fc.constantFrom(
  "constructor",
  "__proto__",
  "prototype",
  "toString",
  "valueOf",
  "map",
  "filter",
  "reduce",
  "sort",
  "push",
  "call",
  "apply",
  "bind",
  "keys",
  "values",
  "entries",
  "replace",
  "match",
  "split",
  "repeat",
  "padStart",
  "first",
  "last",
  "pluck",
  "merge",
  "compact",
  "hash",
  "toDateTime",
  "format",
  "plus",
  "diffTo",
  "toFormat",
  "zone",
  "json",
  "item",
  "all",
  "length",
  "chunk",
  "union",
  "toJsonString",
  "parseJson",
  "quote",
  "isEmpty",
  "assign",
  "from",
  "parse",
  "stringify",
  "fromISO",
  "exec",
  "test",
  "groups",
  "next",
  "a",
  "b",
  "0",
);
const expression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    atom,
    fc.tuple(tie("e"), name).map(([object, key]) => `(${object}).${/^\d/.test(key) ? `a${key}` : key}`),
    fc.tuple(tie("e"), name).map(([object, key]) => `(${object})?.["${key}"]`),
    fc.tuple(tie("e"), tie("e")).map(([object, key]) => `(${object})[${key}]`),
    fc
      .tuple(tie("e"), name, fc.array(tie("e"), { maxLength: 3 }))
      .map(([object, key, args]) => `(${object})["${key}"](${args.join(", ")})`),
    fc.tuple(tie("e"), fc.array(tie("e"), { maxLength: 3 })).map(([callee, args]) => `(${callee})(${args.join(", ")})`),
    fc
      .tuple(tie("e"), fc.constantFrom("+", "-", "*", "===", "==", "<", "in", "instanceof", "&&", "??", "**", "%"), tie("e"))
      .map(([a, operator, b]) => `((${a}) ${operator} (${b}))`),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => `[...[${a}], ${b}]`),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => `({ ...(${a}), k: ${b} })`),
    fc
      .tuple(tie("e"))
      .map(
        ([a]) =>
          `((x) => { const { a, ...rest } = ${a}; for (const y of [x, a]) { try { rest.z = y } catch (e) { return e } } return rest })(${a})`,
      ),
    fc.tuple(tie("e")).map(([a]) => `new (${a})(1)`),
    fc.tuple(tie("e")).map(([a]) => `typeof (${a})`),
    fc.tuple(tie("e")).map(([a]) => `\`t\${${a}}\``),
  ),
})).e;

/** Nothing but data: no function, no symbol, no class of the evaluator. */
function isData(value: unknown, depth = 0): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || depth > 30) return true;
  if (Array.isArray(value)) return value.every((entry) => isData(entry, depth + 1));
  if (value instanceof Date || "isLuxonDateTime" in value || "isLuxonDuration" in value || "isLuxonInterval" in value) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every((entry) => isData(entry, depth + 1));
}

describe("any expression", () => {
  test("ends, gives data or an ExpressionError, and leaves its input and the host as they were", () => {
    const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
    const before = prototypes.map((prototype) => Object.getOwnPropertyNames(prototype).length);
    fc.assert(
      fc.property(expression, json, (code, data) => {
        const copy = structuredClone(data);
        const scope = testScope([data, { a: 1 }], { A: { items: [{ json: data }] } });
        let result: unknown;
        try {
          result = evaluateTemplate(`={{ ${code} }}`, scope, 0);
        } catch (error) {
          expect((error as Error).name).toBe("ExpressionError");
        }
        expect(isData(result)).toBe(true);
        expect(data).toEqual(copy);
      }),
      { numRuns: 1000 },
    );
    expect(prototypes.map((prototype) => Object.getOwnPropertyNames(prototype).length)).toEqual(before);
  });

  test("random text never brings down more than its own evaluation", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."{}()[]$'\"`\\=>.,;:?!+-*/&|<>~%^#@ \nabjsonitem019_"), maxLength: 60 }), (text) => {
        try {
          expect(isData(evaluateTemplate(`=${text}`, testScope([{ a: 1 }]), 0))).toBe(true);
        } catch (error) {
          expect((error as Error).name).toBe("ExpressionError");
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test("data goes through an expression unchanged", () => {
  fc.assert(
    fc.property(json, (data) => {
      const scope = testScope([data]);
      expect(evaluateTemplate("={{ $json }}", scope, 0)).toEqual(data);
      expect(JSON.stringify(evaluateTemplate("={{ JSON.parse(JSON.stringify($json)) }}", scope, 0))).toBe(JSON.stringify(data));
      expect(evaluateTemplate("={{ JSON.stringify($json) }}", scope, 0)).toBe(JSON.stringify(data));
      expect(JSON.stringify(toJson(data))).toBe(JSON.stringify(data));
    }),
  );
});

test("sorting, arithmetic and text methods agree with V8 on any data", () => {
  const codes = [
    "$json.list.sort()",
    "$json.list.join('-')",
    "$json.list.map(x => x + 1)",
    "$json.list.map(x => `${x}`)",
    "$json.list.includes($json.x)",
    "$json.list.filter(x => x > $json.x)",
    "$json.x + $json.y",
    "$json.x == $json.y",
    "$json.x < $json.y",
    "String($json.list)",
    "JSON.stringify($json.list)",
    "$json.list.map(x => typeof x)",
    "$json.list.map(Number)",
    "[...new Set($json.list)].length",
    "$json.text.split($json.separator)",
    "$json.text.indexOf($json.separator)",
    "$json.text.replaceAll($json.separator, '<$&>')",
    "$json.text.slice($json.n, $json.m)",
    "$json.text.at($json.n)",
    "$json.list.slice($json.n, $json.m)",
    "$json.list.toSpliced($json.n, $json.m, 'new')",
    "$json.text.padEnd($json.n, $json.separator)",
  ];
  const value = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 2 }),
  );
  const data = fc.record({
    list: fc.array(value, { maxLength: 6 }),
    x: value,
    y: value,
    text: fc.string({ maxLength: 12 }),
    separator: fc.string({ maxLength: 2 }),
    n: fc.integer({ min: -8, max: 8 }),
    m: fc.integer({ min: -8, max: 8 }),
  });
  const printed = (result: unknown) =>
    JSON.stringify(result, (_, entry) => (typeof entry === "number" && !Number.isFinite(entry) ? String(entry) : entry));
  fc.assert(
    fc.property(fc.constantFrom(...codes), data, (code, input) => {
      const native = new Function("$json", `return ${code}`)(structuredClone(input)) as unknown;
      expect(printed(evaluateTemplate(`={{ ${code} }}`, testScope([input as never]), 0))).toBe(printed(native));
    }),
    { numRuns: 1000 },
  );
});

test("regular expressions agree with V8", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "\\s",
    ".",
    "(a|b)",
    "(?:ab)",
    "(b)?",
    "a*",
    "b+?",
    "a{1,2}",
    "\\b",
    "^",
    "$",
    "(?=b)",
    "(?!a)",
    "(?<=a)",
    "x|y",
    "\\1",
    "(?<n>a)",
    "[a-c]+",
    "\\.",
  );
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", " ", ".", "\n"), maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.constantFrom("", "g", "i", "m", "gs", "gm"),
      text,
      (pieces, flags, input) => {
        const source = pieces.filter((entry, index) => entry !== "(?<n>a)" || pieces.indexOf(entry) === index).join("");
        try {
          new RegExp(source, flags);
        } catch {
          return;
        }
        const code = `[$json.t.match(new RegExp($json.s, $json.f)), $json.t.replace(new RegExp($json.s, $json.f), '<$&>'), $json.t.split(new RegExp($json.s, $json.f)), $json.t.search(new RegExp($json.s, $json.f))]`;
        const data = { t: input, s: source, f: flags };
        const native = new Function("$json", `return ${code}`)(data) as unknown;
        expect(JSON.stringify(evaluateTemplate(`={{ ${code} }}`, testScope([data]), 0))).toBe(JSON.stringify(native));
      },
    ),
    { numRuns: 1000 },
  );
});

test("renaming a node there and back gives the same template, and the references follow", () => {
  const names = fc.oneof(
    fc.string({ minLength: 1, maxLength: 15 }),
    fc.constantFrom("A", "Set 1", 'Say "hi"', "it's", "a`b", "back\\slash", "}} {{", "Ünï", "${x}"),
  );
  const templates = [
    (node: string) => `=a {{ $(${JSON.stringify(node)}).item.json.x }} {{ $node[${JSON.stringify(node)}].json }} b`,
    (node: string) => `={{ $items(${JSON.stringify(node)}, 1).length + steps[${JSON.stringify(node)}].x }}`,
  ];
  fc.assert(
    fc.property(fc.constantFrom(...templates), names, names, (make, from, to) => {
      fc.pre(from !== to);
      const template = make(from);
      const renamed = renameNodeInTemplate(template, from, to);
      expect(templateReferences(renamed)).toMatchObject({ nodes: [to], dynamic: false });
      expect(renameNodeInTemplate(renamed, to, from)).toBe(template);
    }),
    { numRuns: 200 },
  );
});
