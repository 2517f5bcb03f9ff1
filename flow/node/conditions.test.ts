import { describe, expect, it } from "vitest";
import type { ConditionType } from "./condition-operands";
import { CONDITION_OPERATORS } from "./condition-operators";
import { conditionsSchema, meetsConditions } from "./conditions";

interface Extra {
  loose?: boolean;
  ignoreCase?: boolean;
}

const meets = (
  type: ConditionType,
  operation: string,
  leftValue: unknown,
  rightValue?: unknown,
  { loose, ignoreCase }: Extra = {},
): boolean =>
  meetsConditions(
    conditionsSchema.parse({
      conditions: [{ leftValue, rightValue, operator: { type, operation } }],
      options: { typeValidation: loose ? "loose" : "strict", caseSensitive: !ignoreCase },
    }),
    { field: "conditions", itemIndex: 3 },
  );

type Case = [type: ConditionType, operation: string, left: unknown, right: unknown, expected: boolean, extra?: Extra];

const CASES: Case[] = [
  ["string", "exists", "", undefined, true],
  ["string", "exists", undefined, undefined, false],
  ["string", "exists", null, undefined, false],
  ["string", "notExists", null, undefined, true],
  ["string", "empty", "", undefined, true],
  ["string", "empty", undefined, undefined, true],
  ["string", "empty", " ", undefined, false],
  ["string", "notEmpty", "a", undefined, true],
  ["string", "equals", "a", "a", true],
  ["string", "equals", "a", "A", false],
  ["string", "equals", "a", "A", true, { ignoreCase: true }],
  ["string", "equals", null, "", true],
  ["string", "notEquals", "a", "b", true],
  ["string", "contains", "Hello", "ell", true],
  ["string", "contains", "Hello", "ELL", true, { ignoreCase: true }],
  ["string", "contains", "Hello", undefined, true],
  ["string", "notContains", "Hello", "x", true],
  ["string", "startsWith", "Hello", "He", true],
  ["string", "notStartsWith", "Hello", "lo", true],
  ["string", "endsWith", "Hello", "lo", true],
  ["string", "notEndsWith", "Hello", "He", true],
  ["string", "regex", "order-42", "^order-\\d+$", true],
  ["string", "regex", "ORDER-42", "/^order-\\d+$/i", true],
  ["string", "regex", "ORDER-42", "^order", true, { ignoreCase: true }],
  ["string", "regex", "ORDER-42", "^order", false],
  ["string", "notRegex", "x", "^order", true],
  ["number", "equals", 5, 5, true],
  ["number", "notEquals", 5, 6, true],
  ["number", "gt", 6, 5, true],
  ["number", "gt", 5, 5, false],
  ["number", "gte", 5, 5, true],
  ["number", "lt", 4, 5, true],
  ["number", "lte", 5, 5, true],
  ["number", "lt", undefined, 5, false],
  ["number", "empty", null, undefined, true],
  ["number", "empty", 0, undefined, false],
  ["number", "notEmpty", 0, undefined, true],
  ["number", "gt", "6", 5, true, { loose: true }],
  ["number", "exists", Number.NaN, undefined, false],
  ["boolean", "true", true, undefined, true],
  ["boolean", "true", undefined, undefined, false],
  ["boolean", "false", false, undefined, true],
  ["boolean", "equals", true, true, true],
  ["boolean", "notEquals", true, false, true],
  ["boolean", "true", "true", undefined, true, { loose: true }],
  ["boolean", "false", "False", undefined, true, { loose: true }],
  ["boolean", "true", 1, undefined, true, { loose: true }],
  ["boolean", "true", "yes", undefined, true, { loose: true }],
  ["boolean", "false", "", undefined, true, { loose: true }],
  ["boolean", "empty", null, undefined, true],
  ["dateTime", "after", "2026-01-02", "2026-01-01", true],
  ["dateTime", "before", "2026-01-01T00:00:00+02:00", "2026-01-01T00:00:00Z", true],
  ["dateTime", "equals", "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z", true],
  ["dateTime", "notEquals", "2026-01-01", "2026-01-02", true],
  ["dateTime", "afterOrEquals", "2026-01-01", "2026-01-01", true],
  ["dateTime", "beforeOrEquals", "2026-01-01", "2026-01-01", true],
  ["dateTime", "after", null, "2026-01-01", false],
  ["dateTime", "empty", undefined, undefined, true],
  ["dateTime", "equals", "Thu, 01 Jan 2026 00:00:00 GMT", "2026-01-01", true],
  ["dateTime", "after", 1767225600001, "2026-01-01", true],
  ["array", "contains", ["a", 1], 1, true],
  ["array", "contains", ["a"], "A", false],
  ["array", "contains", ["a"], "A", true, { ignoreCase: true }],
  ["array", "notContains", ["a"], "b", true],
  ["array", "lengthEquals", [1, 2], 2, true],
  ["array", "lengthNotEquals", [1, 2], 3, true],
  ["array", "lengthGt", [1, 2], 1, true],
  ["array", "lengthLt", [1, 2], 3, true],
  ["array", "lengthGte", [1, 2], 2, true],
  ["array", "lengthLte", [1, 2], 2, true],
  ["array", "empty", [], undefined, true],
  ["array", "empty", null, undefined, true],
  ["array", "notEmpty", [0], undefined, true],
  ["array", "contains", "[1,2]", 2, true, { loose: true }],
  ["object", "empty", {}, undefined, true],
  ["object", "notEmpty", { a: 1 }, undefined, true],
  ["object", "exists", {}, undefined, true],
  ["object", "notEmpty", '{"a":1}', undefined, true, { loose: true }],
];

describe("conditions", () => {
  it.each(CASES)("%s %s: %j and %j give %s", (type, operation, left, right, expected, extra) => {
    expect(meets(type, operation, left, right, extra)).toBe(expected);
  });

  it("has every operation that it offers", () => {
    const sample = { string: "a", number: 1, boolean: true, dateTime: "2026-01-01", array: [1], object: {} };
    for (const [type, operators] of Object.entries(CONDITION_OPERATORS)) {
      for (const { operation, rightType } of operators) {
        const right = rightType === "number" ? 1 : sample[type as ConditionType];
        expect(typeof meets(type as ConditionType, operation, sample[type as ConditionType], right), `${type} ${operation}`).toBe(
          "boolean",
        );
      }
    }
    const wrong = conditionsSchema.safeParse({ conditions: [{ operator: { type: "number", operation: "contains" } }] });
    expect(wrong.error?.issues).toMatchObject([
      { path: ["conditions", 0, "operator", "operation"], message: 'there is no operation "contains" for number values' },
    ]);
    expect(conditionsSchema.safeParse({ conditions: [{ operator: { operation: "constructor" } }] }).success).toBe(false);
  });

  it("refuses values of another type where types are strict, and says which", () => {
    expect(() => meets("number", "gt", "5", 1)).toThrow("Wrong type: '5' is a string but was expecting a number [condition 0, item 3]");
    expect(() => meets("string", "equals", 5, "5")).toThrow("Wrong type: '5' is a number but was expecting a string");
    expect(() => meets("number", "gt", 5, "1")).toThrow("'1' is a string");
    expect(() => meets("array", "empty", "[]")).toThrow("expecting an array");
    expect(() => meets("boolean", "true", "true")).toThrow("expecting a boolean");
    expect(() => meets("object", "empty", [])).toThrow("'[]' is an array but was expecting an object");
    expect(() => meets("number", "gt", "5", 1)).toThrow(
      expect.objectContaining({ name: "ParameterError", field: "conditions.conditions[0].leftValue", itemIndex: 3 }),
    );
  });

  it("refuses what can't be converted where types are loose", () => {
    expect(() => meets("number", "gt", "abc", 1, { loose: true })).toThrow(
      "Conversion error: the string 'abc' can't be converted to a number [condition 0, item 3]",
    );
    expect(() => meets("dateTime", "after", "soon", "2026-01-01")).toThrow(
      "Conversion error: the string 'soon' can't be converted to a date",
    );
  });

  it("looks at no right side that the operation does not have", () => {
    expect(meets("number", "exists", 1, "whatever")).toBe(true);
  });

  it("joins by and or or, and is met without any condition", () => {
    const both = (combinator: string, values: boolean[]): boolean =>
      meetsConditions(
        conditionsSchema.parse({
          combinator,
          conditions: values.map((leftValue) => ({ leftValue, operator: { type: "boolean", operation: "true" } })),
        }),
        {
          field: "conditions",
          itemIndex: 0,
        },
      );
    expect([both("and", [true, true]), both("and", [true, false]), both("or", [false, true]), both("or", [false, false])]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([both("and", []), both("or", [])]).toEqual([true, true]);
  });

  it("reads dates without a zone in the flow's", () => {
    const conditions = conditionsSchema.parse({
      conditions: [
        { leftValue: "2026-01-01 00:00:00", rightValue: "2025-12-31T23:00:00Z", operator: { type: "dateTime", operation: "equals" } },
      ],
    });
    expect(meetsConditions(conditions, { field: "c", itemIndex: 0, timezone: () => "Europe/Berlin" })).toBe(true);
    expect(meetsConditions(conditions, { field: "c", itemIndex: 0 })).toBe(false);
  });

  it("matches patterns in linear time, and says what it can't do", () => {
    const started = performance.now();
    expect(meets("string", "regex", `${"a".repeat(50_000)}!`, "^(a+)+$")).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(() => meets("string", "regex", "a", "(?=a)")).toThrow("look-around and back-references are not supported");
    expect(() => meets("string", "regex", "a", "(")).toThrow("it is not valid");
  });
});
