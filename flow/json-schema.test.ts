import { expect, test } from "vitest";
import { z } from "zod";
import { jsonObjectSchema } from "./json-schema";

const schema = z.object({ data: jsonObjectSchema });

test("JSON is taken as it is, without a copy", () => {
  const data = { a: [1, "two", null, { b: true }], c: {} };
  expect(schema.parse({ data }).data).toBe(data);
});

test("keys called __proto__ are left out, wherever they are, and change nothing else", () => {
  const data = JSON.parse('{"a":[{"__proto__":{"polluted":true},"kept":1}],"__proto__":2,"constructor":{"prototype":3}}');
  const parsed = schema.parse({ data }).data;
  expect(JSON.stringify(parsed)).toBe('{"a":[{"kept":1}],"constructor":{"prototype":3}}');
  expect((parsed.a as { polluted?: true }[])[0]?.polluted).toBeUndefined();
  expect(JSON.stringify(data)).toContain("polluted");
});

test.each<[string, unknown, PropertyKey[]]>([
  ["a list", [], ["data"]],
  ["nothing", undefined, ["data"]],
  ["a text", "x", ["data"]],
  ["a number that JSON has no name for", { a: [{ b: Number.POSITIVE_INFINITY }] }, ["data", "a", 0, "b"]],
  ["a function", { a: () => 1 }, ["data", "a"]],
])("%s is refused with its place", (_what, data, path) => {
  expect(schema.safeParse({ data }).error?.issues).toMatchObject([{ path }]);
});

test("millions of values take seconds at most", () => {
  const data = { list: Array.from({ length: 2_000_000 }, () => ({})) };
  const start = performance.now();
  expect(schema.parse({ data }).data).toBe(data);
  expect(performance.now() - start).toBeLessThan(5_000);
});
