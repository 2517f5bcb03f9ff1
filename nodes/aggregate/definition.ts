import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const fields = { aggregate: ["aggregateIndividualFields"] };
const whole = { aggregate: ["aggregateAllItemData"] };

const aggregatedFieldSchema = z.object({
  fieldToAggregate: field(z.string().default(""), "Field", { placeholder: "customer.id" }),
  renameField: field(z.boolean().default(false), "Rename"),
  outputFieldName: field(z.string().default(""), "Name of the list", { showIf: { renameField: [true] } }),
});

export const aggregate = defineNode({
  type: "aggregate",
  version: 1,
  name: "Aggregate",
  description: "Puts many items together into one that holds lists.",
  category: "data",
  icon: "layers",
  parameters: z.object({
    aggregate: field(z.enum(["aggregateIndividualFields", "aggregateAllItemData"]).default("aggregateIndividualFields"), "Aggregate", {
      labels: { aggregateIndividualFields: "Single fields", aggregateAllItemData: "Whole items, as one list" },
    }),
    fieldsToAggregate: field(z.array(aggregatedFieldSchema).max(500).default([]), "Fields", { showIf: fields }),
    destinationFieldName: field(z.string().default("data"), "Put list in", { showIf: whole }),
    include: field(z.enum(["allFields", "specifiedFields", "allFieldsExcept"]).default("allFields"), "Include", {
      labels: { allFields: "All fields", specifiedFields: "Some fields", allFieldsExcept: "All fields except" },
      showIf: whole,
    }),
    fieldsToInclude: field(z.string().default(""), "Fields to include", {
      description: "Names, with commas between them.",
      showIf: { ...whole, include: ["specifiedFields"] },
    }),
    fieldsToExclude: field(z.string().default(""), "Fields to leave out", {
      description: "Names, with commas between them.",
      showIf: { ...whole, include: ["allFieldsExcept"] },
    }),
    mergeLists: field(z.boolean().default(false), "Merge lists", {
      description: "Where the field holds a list, its entries go into one flat list.",
      showIf: fields,
    }),
    keepMissing: field(z.boolean().default(false), "Keep missing values", {
      description: "An item in which the field is null or missing gives null.",
      showIf: fields,
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { advanced: true }),
    includeBinaries: field(z.boolean().default(false), "Keep files", { advanced: true }),
    keepOnlyUnique: field(z.boolean().default(false), "Each file once", {
      description: "Files of the same type, name and size count as the same.",
      showIf: { includeBinaries: [true] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
