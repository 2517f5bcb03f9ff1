import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const fields = { mode: ["fields"] };

const assignmentSchema = z.object({
  id: field(z.string().optional(), "Id", { control: "hidden", expression: false }),
  name: field(z.string().default(""), "Name", { placeholder: "customer.name" }),
  type: field(z.enum(["string", "number", "boolean", "array", "object", "any"]).default("string"), "Type", {
    labels: { string: "String", number: "Number", boolean: "Boolean", array: "Array", object: "Object", any: "As it is" },
  }),
  value: field(z.unknown().optional(), "Value"),
});
export type Assignment = z.infer<typeof assignmentSchema>;

export const set = defineNode({
  type: "set",
  version: 1,
  name: "Edit Fields",
  description: "Sets, keeps and drops fields of items.",
  category: "data",
  icon: "pencil",
  parameters: z.object({
    mode: field(z.enum(["fields", "json"]).default("fields"), "Mode", {
      labels: { fields: "Field by field", json: "JSON" },
    }),
    fields: field(z.array(assignmentSchema).max(1000).default([]), "Fields to set", { showIf: fields }),
    json: field(z.unknown().default("{}"), "JSON", {
      description: "The object that becomes the item, or is added to it.",
      control: "json",
      language: "json",
      showIf: { mode: ["json"] },
    }),
    include: field(z.enum(["none", "all", "selected", "except"]).default("none"), "Other input fields", {
      labels: { none: "Drop", all: "Keep all", selected: "Keep the selected", except: "Keep all except" },
    }),
    includeFields: field(z.string().default(""), "Fields to keep", {
      description: "Names, with commas between them.",
      showIf: { include: ["selected"] },
    }),
    excludeFields: field(z.string().default(""), "Fields to drop", {
      description: "Names, with commas between them.",
      showIf: { include: ["except"] },
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", {
      description: "On: `a.b` is the field `b` of the object `a`. Off: it is a field of that very name.",
      advanced: true,
    }),
    ignoreConversionErrors: field(z.boolean().default(false), "Ignore conversion errors", {
      description: "A value that can't be made the field's type stays as it is.",
      showIf: fields,
      advanced: true,
    }),
    duplicates: field(z.number().int().min(0).max(1000).default(0), "Duplicates", {
      description: "How many copies of each item are added, in runs by hand only: data to try the nodes after this one with.",
      advanced: true,
    }),
    binary: field(z.enum(["auto", "keep", "strip"]).default("auto"), "Files", {
      labels: { auto: "Keep with the other fields", keep: "Keep", strip: "Drop" },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
