import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const given = async (parameters: JsonObject, ...items: JsonObject[]) =>
  (await executeForTest("flow-trigger", { parameters, items })).json[0];

describe("When Run by Another Flow", () => {
  it("passes everything on, and one empty item where there is none", async () => {
    expect(await given({}, { a: 1 }, { b: 2 })).toEqual([{ a: 1 }, { b: 2 }]);
    expect(await given({})).toEqual([{}]);
  });

  it("keeps the fields that it names, with null for those that are not given", async () => {
    const fields = [
      { name: "a", type: "number" },
      { name: "b", type: "any" },
    ];
    expect(await given({ accepts: "fields", fields }, { a: 1, c: 3 })).toEqual([{ a: 1, b: null }]);
  });

  it("takes a text that says a value of the type, and refuses what is something else", async () => {
    const of = (type: string, value: JsonObject[string]) => given({ accepts: "fields", fields: [{ name: "v", type }] }, { v: value });
    expect(await of("number", "1.5")).toEqual([{ v: 1.5 }]);
    expect(await of("boolean", "true")).toEqual([{ v: true }]);
    expect(await of("array", "[1]")).toEqual([{ v: [1] }]);
    expect(await of("object", '{"a":1}')).toEqual([{ v: { a: 1 } }]);
    expect(await of("string", 7)).toEqual([{ v: "7" }]);
    await expect(of("number", "many")).rejects.toThrow('"v" (item 0): must be a number; the calling flow gave "many"');
    await expect(of("array", { a: 1 })).rejects.toThrow("must be a list");
  });

  it("takes names and types from an example", async () => {
    const example = '{"name":"Ada","count":1}';
    expect(await given({ accepts: "example", example }, { name: "Bob", count: "2", more: true })).toEqual([{ name: "Bob", count: 2 }]);
    await expect(given({ accepts: "example", example: "[]" }, {})).rejects.toThrow('"example": must be an object');
  });
});
