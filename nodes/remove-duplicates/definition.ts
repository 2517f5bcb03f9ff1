import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const some = { compare: ["allFieldsExcept", "selectedFields"] };

export const removeDuplicates = defineNode({
  type: "remove-duplicates",
  version: 1,
  name: "Remove Duplicates",
  description: "Keeps the first of items that are equal.",
  category: "data",
  icon: "copy",
  parameters: z.object({
    compare: field(z.enum(["allFields", "allFieldsExcept", "selectedFields"]).default("allFields"), "Compare", {
      labels: { allFields: "All fields", allFieldsExcept: "All fields except", selectedFields: "Some fields" },
    }),
    fieldsToExclude: field(z.string().default(""), "Fields not to compare", {
      description: "Names, with commas between them.",
      showIf: { compare: ["allFieldsExcept"] },
    }),
    fieldsToCompare: field(z.string().default(""), "Fields to compare", {
      description: "Names, with commas between them.",
      showIf: { compare: ["selectedFields"] },
    }),
    removeOtherFields: field(z.boolean().default(false), "Keep only the compared fields", { showIf: some }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { showIf: some, advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
