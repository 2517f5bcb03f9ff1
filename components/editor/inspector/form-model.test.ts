import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { emptyElement, type FieldModel, formOf, isShown, titleFromName } from "./form-model";

const define = (parameters: z.ZodObject) =>
  defineNode({
    type: "test",
    version: 1,
    name: "Test",
    description: "",
    category: "data",
    icon: "box",
    parameters,
    inputs: [{ name: "main" }],
    outputs: [{ name: "main" }],
    effect: "pure",
  });

const field = (form: FieldModel[], name: string): FieldModel => {
  const found = form.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};

describe("the form of a node", () => {
  it("chooses a control by JSON type where no hint says otherwise", () => {
    const form = formOf(
      define(
        z.object({
          text: z.string().default(""),
          count: z.number().int().min(1).max(9).default(3),
          on: z.boolean().default(false),
          method: z.enum(["GET", "POST"]).default("GET"),
          headers: z.record(z.string(), z.string()).default({}),
          options: z.object({ deep: z.boolean().default(true) }).default({ deep: true }),
          rows: z.array(z.object({ name: z.string().default("") })).default([]),
          tags: z.array(z.string()).default([]),
          methods: z.array(z.enum(["GET", "POST"])).default(["GET"]),
          anything: z.json().default({}),
        }),
      ),
    );
    expect(Object.fromEntries(form.map((entry) => [entry.name, entry.control]))).toEqual({
      text: "text",
      count: "number",
      on: "switch",
      method: "select",
      headers: "keyvalue",
      options: "group",
      rows: "list",
      tags: "list",
      methods: "choices",
      anything: "text",
    });
    expect(field(form, "count")).toMatchObject({ minimum: 1, maximum: 9, defaultValue: 3, valueType: "integer" });
    expect(field(form, "rows").fields?.map((entry) => entry.name)).toEqual(["name"]);
    expect(field(form, "tags").element?.control).toBe("text");
  });

  it("takes titles, labels and controls from the hints and leaves hidden fields out", () => {
    const form = formOf(
      define(
        z.object({
          code: z
            .string()
            .default("")
            .meta({ title: "Source", description: "Runs once", ui: { control: "code", language: "javascript", expression: false } }),
          mode: z
            .enum(["a", "b"])
            .default("a")
            .meta({ ui: { labels: { a: "First" } } }),
          secret: z
            .string()
            .default("x")
            .meta({ ui: { control: "hidden" } }),
        }),
      ),
    );
    expect(form.map((entry) => entry.name)).toEqual(["code", "mode"]);
    expect(field(form, "code")).toMatchObject({ title: "Source", description: "Runs once", control: "code", allowsExpression: false });
    expect(field(form, "mode").options).toEqual([
      { value: "a", label: "First" },
      { value: "b", label: "b" },
    ]);
  });

  it("shows a nullable field as what it holds", () => {
    const form = formOf(define(z.object({ limit: z.number().nullable().default(null), when: z.union([z.string(), z.null()]).optional() })));
    expect(form.map((entry) => [entry.name, entry.control])).toEqual([
      ["limit", "number"],
      ["when", "text"],
    ]);
  });

  it("shows a conditional field while its sibling has a wanted value, counting defaults and expressions", () => {
    const form = formOf(
      define(
        z.object({
          mode: z.enum(["simple", "full"]).default("simple"),
          body: z
            .string()
            .default("")
            .meta({ ui: { showIf: { mode: ["full"] } } }),
        }),
      ),
    );
    const body = field(form, "body");
    expect(isShown(body, form, {})).toBe(false);
    expect(isShown(body, form, { mode: "full" })).toBe(true);
    expect(isShown(body, form, { mode: "={{ $json.mode }}" })).toBe(true);
  });

  it("starts a new list element from its defaults", () => {
    const form = formOf(
      define(z.object({ rows: z.array(z.object({ name: z.string().default("x"), note: z.string().optional() })).default([]) })),
    );
    expect(emptyElement(field(form, "rows"))).toEqual({ name: "x" });
  });

  it("reads a title out of a name", () => {
    expect(titleFromName("maxRedirects")).toBe("Max redirects");
    expect(titleFromName("url")).toBe("URL");
    expect(titleFromName("responseId")).toBe("Response ID");
  });
});
