import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const EXAMPLE = `// a and b are two items. Return a negative number when a goes first, a positive one when b does, else 0.
const field = "name";
if (a.json[field] < b.json[field]) return -1;
if (a.json[field] > b.json[field]) return 1;
return 0;`;

const sortFieldSchema = z.object({
  fieldName: field(z.string().default(""), "Field", { placeholder: "customer.name" }),
  order: field(z.enum(["ascending", "descending"]).default("ascending"), "Order", {
    labels: { ascending: "Ascending", descending: "Descending" },
  }),
});

export const sort = defineNode({
  type: "sort",
  version: 1,
  name: "Sort",
  description: "Puts items in order: by fields, by code of yours, or at random.",
  category: "data",
  icon: "arrow-down-up",
  parameters: z.object({
    type: field(z.enum(["simple", "random", "code"]).default("simple"), "Sort", {
      labels: { simple: "By fields", random: "At random", code: "By code" },
    }),
    sortFields: field(z.array(sortFieldSchema).max(50).default([]), "Fields", { showIf: { type: ["simple"] } }),
    code: field(z.string().max(100_000).default(EXAMPLE), "Code", {
      control: "code",
      language: "javascript",
      expression: false,
      showIf: { type: ["code"] },
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { showIf: { type: ["simple"] }, advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
