import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const file = { doc: { mimeType: "text/plain", data: "aGk=" } };
const fields = (...list: [name: string, value: unknown, type?: string][]): JsonObject[] =>
  list.map(([name, value, type = "string"]) => ({ name, value, type }) as JsonObject);
const set = async (parameters: JsonObject, item: JsonObject = {}): Promise<JsonObject> =>
  (await executeForTest("set", { parameters, items: [{ json: item }] })).json[0]?.[0] as JsonObject;

describe("Edit Fields", () => {
  it("sets typed fields", async () => {
    expect(
      await set({
        fields: fields(
          ["s", 5, "string"],
          ["n", "5.5", "number"],
          ["b", "true", "boolean"],
          ["a", "[1,2]", "array"],
          ["o", '{"x":1}', "object"],
          ["j", { x: 1 }, "string"],
        ),
      }),
    ).toEqual({ s: "5", n: 5.5, b: true, a: [1, 2], o: { x: 1 }, j: '{"x":1}' });
  });

  it("leaves a value as it is where no type is wanted", async () => {
    const list = fields(["n", "={{ $json.n }}", "any"], ["t", "[1]", "any"], ["o", "={{ $json.o }}", "any"]);
    expect(await set({ fields: list }, { n: 5, o: { a: 1 } })).toEqual({ n: 5, t: "[1]", o: { a: 1 } });
  });

  it("gives null for what is not there", async () => {
    expect(await set({ fields: fields(["x", null, "number"]) })).toEqual({ x: null });
    expect(await set({ fields: [{ name: "x", type: "string" }] })).toEqual({ x: null });
  });

  it("says in n8n's words which value can't be converted, and keeps it when told to ignore that", async () => {
    const parameters = { fields: fields(["total", "abc", "number"]) };
    await expect(set(parameters)).rejects.toThrow("'total' expects a number but we got 'abc'");
    await expect(set(parameters)).rejects.toMatchObject({ name: "ParameterError", field: "fields[0].value", itemIndex: 0 });
    expect(await set({ ...parameters, ignoreConversionErrors: true })).toEqual({ total: "abc" });
    await expect(set({ fields: fields(["x", "[1", "array"]) })).rejects.toThrow("expects an array");
    await expect(set({ fields: fields(["x", "[1]", "object"]) })).rejects.toThrow("expects an object");
    await expect(set({ fields: fields(["x", "maybe", "boolean"]) })).rejects.toThrow("expects a boolean");
    await expect(set({ fields: fields(["", "x"]) })).rejects.toThrow("give the field a name");
  });

  it("keeps all, no, selected, or all but some of the other fields", async () => {
    const item = { a: 1, b: { c: 2, d: 3 }, e: 4 };
    const parameters = { fields: fields(["a", "new"]) };
    expect(await set(parameters, item)).toEqual({ a: "new" });
    expect(await set({ ...parameters, include: "all" }, item)).toEqual({ a: "new", b: { c: 2, d: 3 }, e: 4 });
    expect(await set({ ...parameters, include: "selected", includeFields: "b.c, e" }, item)).toEqual({ a: "new", b: { c: 2 }, e: 4 });
    expect(await set({ ...parameters, include: "except", excludeFields: "b.d,e" }, item)).toEqual({ a: "new", b: { c: 2 } });
  });

  it("reaches into objects by dots, unless told not to", async () => {
    expect(await set({ include: "all", fields: fields(["a.b", "x"], ["list[0].n", 1, "number"]) }, { a: { k: 1 } })).toEqual({
      a: { k: 1, b: "x" },
      list: [{ n: 1 }],
    });
    expect(await set({ dotNotation: false, fields: fields(["a.b", "x"]) })).toEqual({ "a.b": "x" });
  });

  it("changes neither the input nor any prototype", async () => {
    const item = { a: { b: 1 } };
    await set({ include: "all", fields: fields(["a.b", "changed"]) }, item);
    expect(item).toEqual({ a: { b: 1 } });
    await expect(set({ fields: fields(["__proto__.polluted", "x"]) })).rejects.toThrow("can't be a field name");
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("takes a whole object as JSON", async () => {
    expect(await set({ mode: "json", json: '{"x": {"y": 1}}' }, { a: 1 })).toEqual({ x: { y: 1 } });
    expect(await set({ mode: "json", json: { x: 1 }, include: "all" }, { a: 1 })).toEqual({ a: 1, x: 1 });
    await expect(set({ mode: "json", json: "{x: 1}" })).rejects.toMatchObject({
      message: `Parameter "json" (item 0): The 'JSON Output' in item 0 contains invalid JSON`,
      hint: expect.stringContaining("JSON at position 1"),
    });
    await expect(set({ mode: "json", json: "[1]" })).rejects.toThrow("does not contain a valid JSON object");
    await expect(set({ mode: "json", json: "" })).rejects.toThrow("contains invalid JSON");
  });

  it("keeps files with the other fields, or as told", async () => {
    const binaryOf = async (parameters: JsonObject) =>
      (await executeForTest("set", { parameters, items: [{ json: {}, binary: file }] })).outputs[0]?.[0]?.binary;
    expect(await binaryOf({})).toBeUndefined();
    expect(await binaryOf({ include: "all" })).toEqual(file);
    expect(await binaryOf({ include: "all", binary: "strip" })).toBeUndefined();
    expect(await binaryOf({ binary: "keep" })).toEqual(file);
  });

  it("evaluates its parameters once an item and pairs each with its own", async () => {
    const { outputs } = await executeForTest("set", {
      parameters: { fields: fields(["twice", "={{ $json.n * 2 }}", "number"], ["={{ 'k' + $itemIndex }}", "={{ $json.missing }}"]) },
      items: [{ n: 1 }, { n: 2 }],
    });
    expect(outputs).toEqual([
      [
        { json: { twice: 2, k0: null }, pairedItem: { item: 0 } },
        { json: { twice: 4, k1: null }, pairedItem: { item: 1 } },
      ],
    ]);
  });

  it("lets the other items go on when the node goes on after errors", async () => {
    const { outputs } = await executeForTest("set", {
      parameters: { fields: fields(["n", "={{ $json.n }}", "number"]) },
      items: [{ n: "x" }, { n: "2" }],
      continueOnFail: true,
    });
    expect(outputs[0]?.[0]?.error?.message).toContain("expects a number");
    expect(outputs[0]?.[1]?.json).toEqual({ n: 2 });
  });
});
