import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ServiceError } from "./errors";
import { isTooDeep, line, parse, storable } from "./parse";

const issuesOf = (schema: z.ZodType, input: unknown) => {
  try {
    parse(schema, input);
  } catch (error) {
    return (error as ServiceError).details.issues;
  }
  return [];
};

describe("what is wrong with an input", () => {
  const schema = z.object({ name: line(5), list: z.array(z.object({ n: z.number() })).optional() });

  test.each<[string, unknown, string, string]>([
    ["missing", {}, "name", "is missing"],
    ["another type", { name: 7 }, "name", "must be a string"],
    ["an operator where a text belongs", { name: { contains: "a" } }, "name", "must be a string"],
    ["empty", { name: "  " }, "name", "must not be empty"],
    ["too long", { name: "abcdef" }, "name", "must be at most 5 characters long"],
    ["unstorable", { name: "a\u0000" }, "name", "contains characters that cannot be stored"],
    ["deep inside", { name: "a", list: [{ n: 1 }, { n: "2" }] }, "list[1].n", "must be a number"],
    ["no object", "text", "", "must be an object"],
  ])("%s is named with its place", (_what, input, field, message) => {
    expect(issuesOf(schema, input)).toMatchObject([{ field, message }]);
  });

  test("is in one line too", () => {
    expect(() => parse(schema, { name: 7 })).toThrow("name: must be a string");
  });
});

test("what jsonb cannot hold is found wherever it is, in keys too", () => {
  const schema = z.object({ data: storable(z.json()) });
  expect(issuesOf(schema, { data: { a: ["ok", { b: "half \uD83D" }] } })).toMatchObject([{ field: "data.a[1].b" }]);
  expect(issuesOf(schema, { data: { "k\u0000": 1 } })).toHaveLength(1);
  expect(issuesOf(schema, { data: { whole: "🙂", schlüssel: null } })).toEqual([]);
});

test("depth is measured without recursion", () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 200_000; depth++) deep = [deep];
  expect(isTooDeep(deep)).toBe(true);
  expect(isTooDeep({ a: [{ b: [1, 2, 3] }] })).toBe(false);
  expect(isTooDeep(null)).toBe(false);
});
