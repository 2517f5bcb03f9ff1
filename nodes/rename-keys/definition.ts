import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const keySchema = z.object({
  currentKey: field(z.string().default(""), "From", { placeholder: "customer.name" }),
  newKey: field(z.string().default(""), "To", { placeholder: "name" }),
});

const replacementSchema = z.object({
  searchRegex: field(z.string().default(""), "Regular expression", { placeholder: "^old_(.*)" }),
  replaceRegex: field(z.string().default(""), "Replace with", { placeholder: "new_$1" }),
  caseInsensitive: field(z.boolean().default(false), "Ignore case"),
  depth: field(z.number().int().min(-1).default(-1), "Max depth", { description: "-1: at every depth; 0: at the top only." }),
});
export type Replacement = z.infer<typeof replacementSchema>;

export const renameKeys = defineNode({
  type: "rename-keys",
  version: 1,
  name: "Rename Keys",
  description: "Gives fields other names, one by one or by a pattern.",
  category: "data",
  icon: "tag",
  parameters: z.object({
    keys: field(z.array(keySchema).max(1000).default([]), "Keys"),
    regexReplacements: field(z.array(replacementSchema).max(100).default([]), "By pattern", {
      description: "Renames every key in which the pattern is found, those renamed above included.",
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
