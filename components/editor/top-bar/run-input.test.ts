import { describe, expect, it } from "vitest";
import { parseRunInput } from "./run-input";

describe("the input of a run", () => {
  it("is one item from an object and several from a list", () => {
    expect(parseRunInput('{"a":1}')).toEqual({ items: [{ json: { a: 1 } }] });
    expect(parseRunInput('[{"a":1},{"a":2}]')).toEqual({ items: [{ json: { a: 1 } }, { json: { a: 2 } }] });
    expect(parseRunInput("  ")).toEqual({ items: [{ json: {} }] });
  });

  it("says what is wrong with anything else", () => {
    expect(parseRunInput("{a:1}")).toMatchObject({ error: expect.stringContaining("Not JSON") });
    expect(parseRunInput("5")).toMatchObject({ error: expect.stringContaining("object") });
    expect(parseRunInput('[{"a":1}, 2]')).toMatchObject({ error: expect.stringContaining("Element 2") });
    expect(parseRunInput("[]")).toMatchObject({ error: expect.stringContaining("empty") });
  });
});
