import { describe, expect, test } from "vitest";
import { checkTemplate, evaluateTemplate, isExpression, resolveParameters, toJson } from "../template";
import { testScope } from "../testing";

const scope = testScope([{ name: "Ada", n: 3, list: [1, 2], obj: { a: 1 }, nil: null, empty: "" }]);
const evaluate = (template: string) => evaluateTemplate(template, scope, 0);

describe("typing", () => {
  test.each<[string, unknown]>([
    ["={{ $json.n }}", 3],
    ["={{ $json.list }}", [1, 2]],
    ["={{ $json.obj }}", { a: 1 }],
    ["={{ $json.nil }}", null],
    ["={{ true }}", true],
    ["={{ undefined }}", undefined],
    ["={{ $json.n }} ", "3 "],
    ["= {{ $json.n }}", " 3"],
    ["={{ $json.n }}{{ $json.n }}", "33"],
    ["=Hi {{ $json.name }}!", "Hi Ada!"],
    ["=plain", "plain"],
    ["=", ""],
    ["no expression {{ $json.n }}", "no expression {{ $json.n }}"],
    ["=[{{ null }}{{ undefined }}{{ NaN }}{{ '' }}]", "[]"],
    ["=[{{ 0 }}|{{ false }}]", "[0|false]"],
    ["={{ $json.obj }} {{ $json.list }}", "[object Object] 1,2"],
    ["=at {{ $now }}", "at 2024-03-30T18:49:07.234+01:00"],
    ["={{ NaN }}", Number.NaN],
    ["={{ }}", undefined],
    ["=a{{ }}b", "ab"],
    ["={{ /* nothing */ }}", undefined],
    ["={{ $json.n; }}", 3],
    ["={{ // a comment\n $json.n }}", 3],
    ["=\\{{ not code }}", "{{ not code }}"],
  ])("%s", (template, expected) => {
    expect(evaluate(template)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ["={{ {a:{b:1}} }}", { a: { b: 1 } }],
    ["={{ '}}' }}", "}}"],
    ["=x {{ `}}` }} y", "x }} y"],
    ["={{ ({a: {b: {c: 1}}}).a.b.c }} }}", "1 }}"],
    ["={{ [{a:{}}].map(x => ({y:{z:x}})) }}", [{ y: { z: { a: {} } } }]],
  ])("braces inside of code: %s", (template, expected) => {
    expect(evaluate(template)).toEqual(expected);
  });

  test.each([
    "$json.missing.deep.path",
    "missingVariable",
    "(() => { throw new Error('x') })()",
    "null.x",
    "JSON.parse('{')",
    "[].reduce((a, b) => a)",
    "x.y = 1",
  ])("a JavaScript error makes its part undefined: %s", (expression) => {
    expect(evaluate(`={{ ${expression} }}`)).toBeUndefined();
    expect(evaluate(`=a{{ ${expression} }}b`)).toBe("ab");
  });

  test("a function that is not called is an error", () => {
    expect(() => evaluate("={{ $json.name.toUpperCase }}")).toThrow(/add \(\) to call it/);
  });

  test("text that arrives as data is never evaluated", () => {
    const data = testScope([{ text: "={{ $json.secret }}", other: "{{ 1 + 1 }}", secret: "s" }]);
    expect(evaluateTemplate("={{ $json.text }}", data, 0)).toBe("={{ $json.secret }}");
    expect(evaluateTemplate("=<{{ $json.other }}>", data, 0)).toBe("<{{ 1 + 1 }}>");
    const resolved = resolveParameters({ a: "={{ $json.text }}" }, data, 0);
    expect(resolveParameters({ b: "x", c: resolved.a as string }, testScope([{}]), 0, { literal: () => true })).toEqual({
      b: "x",
      c: "={{ $json.secret }}",
    });
  });
});

describe("syntax errors", () => {
  test.each([
    ["={{ $json. }}", 11],
    ["=ok {{ 1 }} then {{ a b }}", 22],
    ["={{ 1 +", 1],
    ["={{ class A {} }}", 4],
    ["={{ await x }}", 10],
    ["={{ async () => 1 }}", 4],
    ["={{ a`tag` }}", 4],
    ["={{ import('fs') }}", 4],
    ["={{ ({ get a() { return 1 } }) }}", 7],
    ["={{ (() => { class X {} })() }}", 13],
    ["={{ function* () {} }}", 4],
  ])("%s is found at %i", (template, position) => {
    expect(checkTemplate(template)).toMatchObject({ message: expect.stringContaining("Invalid syntax"), position });
    expect(() => evaluate(template)).toThrow(expect.objectContaining({ name: "ExpressionError" }));
  });

  test("a right template has nothing to say", () => {
    expect(checkTemplate("=a {{ $json.b }} c")).toBeNull();
    expect(checkTemplate("{{ not. an expression")).toBeNull();
    expect(checkTemplate("={{ }}")).toBeNull();
  });
});

describe("resolving parameters", () => {
  const raw = {
    url: "=https://x/{{ $json.name }}",
    count: "={{ $json.n }}",
    fields: [{ name: "a", value: "={{ $json.list }}" }],
    plain: { deep: [1, "t"] },
  };

  test("every expression is evaluated where it stands; the rest is as it was", () => {
    expect(resolveParameters(raw, scope, 0)).toEqual({
      url: "https://x/Ada",
      count: 3,
      fields: [{ name: "a", value: [1, 2] }],
      plain: { deep: [1, "t"] },
    });
    expect(resolveParameters(raw, scope, 0).plain).toBe(raw.plain);
    expect(raw.count).toBe("={{ $json.n }}");
  });

  test("without expressions the same object comes back", () => {
    const fixed = { a: 1, b: ["x", { c: "y = z" }] };
    expect(resolveParameters(fixed, scope, 0)).toBe(fixed);
  });

  test("an error names the parameter and the item", () => {
    expect(() => resolveParameters({ fields: [{ value: "={{ $('Nope').item }}" }] }, scope, 4)).toThrow(
      expect.objectContaining({
        name: "ExpressionError",
        field: "fields[0].value",
        itemIndex: 4,
        message: expect.stringContaining('Parameter "fields[0].value" (item 4)'),
      }),
    );
  });

  test("literal paths stay as they are, with what is below them", () => {
    const parameters = { code: "={{ 1 }}", query: { sql: "=x" }, other: "={{ 2 }}" };
    const literal = (path: string) => path === "code" || path === "query";
    expect(resolveParameters(parameters, scope, 0, { literal })).toEqual({ code: "={{ 1 }}", query: { sql: "=x" }, other: 2 });
    expect(resolveParameters(parameters, scope, 0)).toEqual({ code: 1, query: { sql: "x" }, other: 2 });
  });

  test("dates become ISO text, undefined leaves its key out", () => {
    expect(resolveParameters({ when: "={{ $now }}", not: "={{ $json.nope }}", list: ["={{ $json.nope }}"] }, scope, 0)).toEqual({
      when: "2024-03-30T18:49:07.234+01:00",
      list: [null],
    });
  });
});

describe("toJson", () => {
  test("turns what is no JSON into what JSON has", () => {
    expect(
      toJson({
        date: new Date(0),
        nan: Number.NaN,
        big: 5n,
        none: undefined,
        list: [undefined, 1],
        set: new Set([1]),
        map: new Map([["a", 1]]),
      }),
    ).toEqual({
      date: "1970-01-01T00:00:00.000Z",
      nan: null,
      big: "5",
      list: [null, 1],
      set: [1],
      map: { a: 1 },
    });
    expect(toJson(undefined)).toBeUndefined();
  });

  test("gives JSON back as it is", () => {
    const value = { a: [1, { b: null }] };
    expect(toJson(value)).toBe(value);
  });

  test("refuses a value that contains itself", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => toJson(loop)).toThrow(/contains itself/);
    expect(() => evaluate("={{ (() => { const a = {}; a.a = a; return a })() }}")).not.toThrow(/stack/);
  });
});

test("isExpression", () => {
  expect([isExpression("=x"), isExpression("x"), isExpression(5), isExpression(null)]).toEqual([true, false, false, false]);
});
