import { describe, expect, it } from "vitest";
import { accessor, pathText, withValue } from "./paths";

describe("paths into parameters", () => {
  it("replace a value without touching the original", () => {
    const before = { rows: [{ name: "a" }, { name: "b" }], other: 1 };
    const after = withValue(before, ["rows", 1, "name"], "c");
    expect(after).toEqual({ rows: [{ name: "a" }, { name: "c" }], other: 1 });
    expect(before.rows[1]).toEqual({ name: "b" });
  });

  it("make missing containers and remove on undefined", () => {
    expect(withValue({}, ["options", "timeout"], 5)).toEqual({ options: { timeout: 5 } });
    expect(withValue({ rows: [1, 2, 3] }, ["rows", 1], undefined)).toEqual({ rows: [1, 3] });
    expect(withValue({ a: 1, b: 2 }, ["a"], undefined)).toEqual({ b: 2 });
  });

  it("read as errors name them and as expressions need them", () => {
    expect(pathText(["fields", 0, "value"])).toBe("fields[0].value");
    expect(accessor("$json", ["customer", "first name", 0])).toBe('$json.customer["first name"][0]');
  });
});
