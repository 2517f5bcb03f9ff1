import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const splitOut = defineNode({
  type: "split-out",
  version: 1,
  name: "Split Out",
  description: "Makes an item out of each entry of a list.",
  category: "data",
  icon: "git-fork",
  parameters: z.object({
    fieldToSplitOut: field(z.string().default(""), "Fields to split out", {
      description: "Names of lists, with commas between them; $binary splits the files. An object gives its values.",
      placeholder: "orders",
    }),
    include: field(z.enum(["noOtherFields", "allOtherFields", "selectedOtherFields"]).default("noOtherFields"), "Other fields", {
      labels: { noOtherFields: "Drop", allOtherFields: "Keep all", selectedOtherFields: "Keep the selected" },
    }),
    fieldsToInclude: field(z.string().default(""), "Fields to keep", {
      description: "Names, with commas between them.",
      showIf: { include: ["selectedOtherFields"] },
    }),
    destinationFieldName: field(z.string().default(""), "Put entries in", {
      description: "Names of the new fields, one for each that is split, with commas between them.",
      advanced: true,
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { advanced: true }),
    includeBinary: field(z.boolean().default(false), "Keep files", { advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
