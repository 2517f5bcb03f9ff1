import { describe, expect, it } from "vitest";
import { columnsOf, schemaOf } from "./data-schema";

describe("the schema of items", () => {
  it("merges fields over items, with an example and what lies below", () => {
    const schema = schemaOf([
      { json: { id: 1, note: null, tags: [] } },
      { json: { id: 2, note: "hello", customer: { name: "Ada" }, tags: [{ label: "x" }] } },
    ]);
    expect(schema.map((field) => [field.name, field.kind, field.sample])).toEqual([
      ["id", "number", "1"],
      ["note", "text", "hello"],
      ["tags", "list", ""],
      ["customer", "object", ""],
    ]);
    expect(schema[2]?.children[0]?.children[0]?.path).toEqual(["tags", 0, "label"]);
    expect(schema[3]?.children[0]).toMatchObject({ path: ["customer", "name"], sample: "Ada" });
  });

  it("cuts long examples and leaves out columns beyond the limit", () => {
    expect(schemaOf([{ json: { text: "x".repeat(500) } }])[0]?.sample).toHaveLength(81);
    expect(columnsOf([{ json: { a: 1, b: 2 } }, { json: { c: 3 } }], 2)).toEqual({ columns: ["a", "b"], more: 1 });
  });
});
