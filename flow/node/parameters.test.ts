import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../item";
import { defineNode } from "./define-node";
import { field } from "./field";
import { isLiteral, literalPaths } from "./literal-paths";
import { checkParameters, migrateParameters, parseParameters } from "./parameters";

const definition = defineNode({
  type: "example",
  version: 3,
  name: "Example",
  description: "",
  category: "data",
  icon: "box",
  parameters: z.object({
    url: field(z.string().default(""), "URL"),
    times: field(z.number().int().min(1).default(1), "Times"),
    loud: field(z.boolean().default(false), "Loud"),
    kind: field(z.enum(["a", "b"]).default("a"), "Kind"),
    rows: field(
      z.array(z.object({ name: z.string().default(""), note: field(z.string().default(""), "Note", { expression: false }) })).default([]),
      "Rows",
    ),
    code: field(z.string().default(""), "Code", { expression: false }),
    any: field(z.unknown().optional(), "Any"),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
  migrations: {
    1: ({ address, ...rest }) => ({ ...rest, url: address as string }),
    2: (parameters) => ({ ...parameters, times: (parameters.times as number) + 1 }),
  },
});

describe("parseParameters", () => {
  it("fills in defaults", () => {
    expect(parseParameters(definition, { rows: [{ name: "x" }] })).toEqual({
      url: "",
      times: 1,
      loud: false,
      kind: "a",
      rows: [{ name: "x", note: "" }],
      code: "",
    });
  });

  it("names path, expectation and value of what is wrong", () => {
    expect(() => parseParameters(definition, { rows: [{}, { name: { a: 1 } }] }, 4)).toThrow(
      'Parameter "rows[1].name" (item 4): expected a text, got an object',
    );
    expect(() => parseParameters(definition, { kind: "c" })).toThrow('Parameter "kind": must be one of a, b; got the string "c"');
    expect(() => parseParameters(definition, { times: 0 })).toThrow('Parameter "times"');
    expect(() => parseParameters(definition, { url: null })).toThrow("expected a text, got null");
    expect(() => parseParameters(definition, { times: "many" })).toThrow(
      expect.objectContaining({ name: "ParameterError", field: "times" }),
    );
  });

  it("converts what loses nothing by it, and leaves the given parameters alone", () => {
    const given = { url: 5, times: "3", loud: "true", rows: [{ name: false }] };
    expect(parseParameters(definition, given)).toMatchObject({ url: "5", times: 3, loud: true, rows: [{ name: "false" }] });
    expect(given).toEqual({ url: 5, times: "3", loud: "true", rows: [{ name: false }] });
  });

  it("remembers the result for parameters without expressions", () => {
    const raw: JsonObject = { url: "x" };
    expect(parseParameters(definition, raw, 0, raw)).toBe(parseParameters(definition, raw, 1, raw));
    expect(parseParameters(definition, { url: "x" }, 0, raw)).not.toBe(parseParameters(definition, raw, 0, raw));
  });
});

describe("checkParameters", () => {
  it("asks for required fields that are shown and empty, wherever they are", () => {
    const asking = defineNode({
      ...definition,
      migrations: {},
      parameters: z.object({
        url: field(z.string().default(""), "URL", { required: true }),
        mode: z.enum(["plain", "signed"]).default("plain"),
        key: field(z.string().optional(), "Key", { required: true, showIf: { mode: ["signed"] } }),
        rows: z.array(z.object({ name: field(z.string().default(""), "Name", { required: true }) })).default([]),
      }),
    });
    const asked = (parameters: JsonObject) => checkParameters(asking, parameters).map(({ field, code }) => `${field} ${code}`);
    expect(asked({})).toEqual(["url required"]);
    expect(asked({ url: " ", mode: "signed" })).toEqual(["url required", "key required"]);
    expect(asked({ url: "={{ $json.url }}", mode: "signed", key: "k", rows: [{ name: "a" }, {}] })).toEqual(["rows[1].name required"]);
    expect(asked({ url: "x", mode: "={{ $json.mode }}", rows: "={{ $json.rows }}" })).toEqual([]);
    expect(() => parseParameters(asking, {})).not.toThrow();
  });

  it("does not judge what an expression will give", () => {
    expect(
      checkParameters(definition, { times: "={{ $json.n }}", rows: "={{ $json.rows }}", kind: "={{ $json.k }}", loud: "={{ true }}" }),
    ).toEqual([]);
    expect(checkParameters(definition, { rows: [{ name: "={{ 1 }}" }, { name: [] }] })).toEqual([
      { field: "rows[1].name", message: "expected a text, got a list", code: "parameter" },
    ]);
  });

  it("reports every field that fails its schema", () => {
    const fields = checkParameters(definition, { times: "x", kind: "c", loud: 3 }).map((issue) => issue.field);
    expect(fields.sort()).toEqual(["kind", "loud", "times"]);
  });

  it("reports expressions that do not parse, with their place", () => {
    const [issue] = checkParameters(definition, { rows: [{ name: "={{ 1 + }}" }] });
    expect(issue).toMatchObject({ field: "rows[0].name", code: "expression" });
    expect(issue?.message).toMatch(/at character \d+/);
  });

  it("takes literal fields as they are", () => {
    expect(checkParameters(definition, { code: "={{ 1 + }}", rows: [{ note: "={{ 1 + }}" }] })).toEqual([]);
  });
});

describe("literal paths", () => {
  it("are those of fields that take no expression, and what is below them", () => {
    expect(["code", "rows[0].note", "rows[12].note"].map((path) => isLiteral(definition, path))).toEqual([true, true, true]);
    expect(["url", "rows[0].name", "codes", "rows", "any.code"].map((path) => isLiteral(definition, path))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(literalPaths(definition)).toBe(literalPaths(definition));
  });
});

describe("migrateParameters", () => {
  it("goes through every version in between", () => {
    expect(migrateParameters(definition, { version: 1, parameters: { address: "u", times: 1 } })).toEqual({ url: "u", times: 2 });
    expect(migrateParameters(definition, { version: 2, parameters: { url: "u", times: 1 } })).toEqual({ url: "u", times: 2 });
    const current = { url: "u" };
    expect(migrateParameters(definition, { version: 3, parameters: current })).toBe(current);
    expect(migrateParameters(definition, { version: 9, parameters: current })).toBe(current);
  });
});
