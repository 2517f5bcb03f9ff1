import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineNode } from "./define-node";
import { field } from "./field";
import { openParameters } from "./open-parameters";

const definition = defineNode({
  type: "sample",
  version: 1,
  name: "Sample",
  description: "For tests.",
  category: "data",
  icon: "box",
  parameters: z.object({
    mode: z.enum(["one", "two"]).default("one"),
    code: field(z.string().default(""), "Code", { expression: false }),
    fields: z
      .array(z.object({ name: z.string().default(""), value: z.unknown().optional() }))
      .max(3)
      .default([]),
    pair: z
      .object({ left: z.unknown().optional() })
      .refine(({ left }) => left !== 1)
      .optional(),
    any: z.unknown().default("="),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
const open = (raw: Parameters<typeof openParameters>[1]) => openParameters(definition, raw);

describe("parameters are checked once where every expression stands at a place that takes any value", () => {
  test("with their defaults filled in", () => {
    expect(open({ code: "=literal", fields: [{ name: "a", value: "={{ $json.a }}" }], any: 1 })).toEqual({
      mode: "one",
      code: "=literal",
      fields: [{ name: "a", value: "={{ $json.a }}" }],
      any: 1,
    });
  });

  test.each<[string, Parameters<typeof openParameters>[1]]>([
    ["there are no expressions", { fields: [{ value: 1 }], any: 1 }],
    ["an expression's value has to be checked", { mode: "={{ $json.mode }}", fields: [{ value: "={{ 1 }}" }], any: 1 }],
    ["a name is an expression", { fields: [{ name: "={{ $json.name }}", value: "={{ 1 }}" }], any: 1 }],
    ["a rule looks at what the expression gives", { pair: { left: "={{ 1 }}" }, any: 1 }],
    ["a default stands in for an expression that gives nothing", { fields: [{ value: "={{ 1 }}" }], any: "={{ 1 }}" }],
    ["a default looks like an expression", { fields: [{ value: "={{ 1 }}" }] }],
    ["an expression is inside of the value", { fields: [{ value: { deep: "={{ 1 }}" } }], any: 1 }],
    ["the parameters do not fit", { mode: "three", fields: [{ value: "={{ 1 }}" }], any: 1 }],
  ])("not where %s", (_, raw) => {
    expect(open(raw)).toBeNull();
  });
});
