import { describe, expect, it } from "vitest";
import { createMemoryCustomData, customValue, foldCustomValues, mergeCustomValues } from "./custom-data";

describe("custom data", () => {
  it("is short texts under plain names", () => {
    expect(customValue("order_1", 12)).toEqual(["order_1", "12"]);
    expect(customValue("list", [1])).toEqual(["list", "[1]"]);
    expect(customValue("k".repeat(60), "v".repeat(600)).map((text) => text.length)).toEqual([50, 512]);
    for (const key of ["", "e-mail", "a b", "ä"]) expect(() => customValue(key, "x")).toThrow("cannot be named");
    expect(() => customValue("none", null)).toThrow('"none" has no value');
  });

  it("has room for ten values; those that are there can change", () => {
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}`, "v"]));
    const { values, ignored } = mergeCustomValues(ten, { k3: "new", k10: "too many" });
    expect([values.k3, ignored, Object.keys(values).length]).toEqual(["new", ["k10"], 10]);
    expect(foldCustomValues([{ a: "1" }, { a: "2", b: "3" }])).toEqual({ a: "2", b: "3" });
  });

  it("does not show a visit what it set itself in an earlier attempt", async () => {
    const of = createMemoryCustomData();
    await of({ key: "a#0" }).write({ a: "1" });
    await of({ key: "b#0" }).write({ b: "1" });
    expect(await of({ key: "b#0" }).read()).toEqual({ a: "1" });
    expect(await of({ key: "c#0" }).read()).toEqual({ a: "1", b: "1" });
  });
});
