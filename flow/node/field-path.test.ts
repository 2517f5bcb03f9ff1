import { describe, expect, it } from "vitest";
import { fieldNames, getField, parseFieldPath, removeField, setField } from "./field-path";

describe("field paths", () => {
  it("are parsed with dots, indexes and quoted keys", () => {
    expect(parseFieldPath("a.b[0].c")).toEqual(["a", "b", "0", "c"]);
    expect(parseFieldPath("a['x.y'][\"z w\"]")).toEqual(["a", "x.y", "z w"]);
  });

  it("read values, own keys only", () => {
    const json = { a: { b: [{ c: 1 }] }, "a.b": "exact" };
    expect(getField(json, "a.b[0].c")).toBe(1);
    expect(getField(json, "a.b")).toBe("exact");
    expect(getField({ a: { b: 1 } }, "a.b", false)).toBeUndefined();
    for (const path of ["constructor", "__proto__", "a.constructor.name", "toString"]) expect(getField({ a: {} }, path)).toBeUndefined();
  });

  it("set values in a copy that shares the rest", () => {
    const json = { a: { b: 1 }, other: { x: 1 } };
    const result = setField(json, "a.c.d", 2);
    expect(result).toEqual({ a: { b: 1, c: { d: 2 } }, other: { x: 1 } });
    expect(json).toEqual({ a: { b: 1 }, other: { x: 1 } });
    expect(result.other).toBe(json.other);
    expect(setField({}, "a.b", 1, false)).toEqual({ "a.b": 1 });
    expect(setField({}, "list[1].n", 1)).toEqual({ list: [null, { n: 1 }] });
    expect(setField({ a: 5 }, "a.b", 1)).toEqual({ a: { b: 1 } });
  });

  it("set neither prototypes nor absurd indexes", () => {
    expect(() => setField({}, "__proto__.x", 1)).toThrow("can't be a field name");
    expect(() => setField({}, "a.__proto__", 1)).toThrow("can't be a field name");
    expect(setField({}, "constructor.prototype.x", 1)).toEqual({ constructor: { prototype: { x: 1 } } });
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(() => setField({}, "a[999999999]", 1)).toThrow("too far");
    expect(() => setField({ a: [] }, "a.name", 1)).toThrow("not an index");
  });

  it("remove values in a copy", () => {
    const json = { a: { b: 1, c: 2 }, list: [1, 2] };
    expect(removeField(json, "a.b")).toEqual({ a: { c: 2 }, list: [1, 2] });
    expect(removeField(json, "list[0]")).toEqual({ a: { b: 1, c: 2 }, list: [2] });
    expect(removeField(json, "nothing.there")).toEqual(json);
    expect(json.a).toEqual({ b: 1, c: 2 });
  });

  it("come as a list with commas", () => {
    expect(fieldNames(" a, b.c ,,d ")).toEqual(["a", "b.c", "d"]);
  });
});
