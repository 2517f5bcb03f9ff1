import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const summarySchema = z.object({
  aggregation: field(
    z.enum(["append", "average", "concatenate", "count", "countUnique", "max", "min", "sum"]).default("count"),
    "Aggregation",
    {
      labels: {
        append: "List of values",
        average: "Average",
        concatenate: "Text of all values",
        count: "Count",
        countUnique: "Count of different values",
        max: "Maximum",
        min: "Minimum",
        sum: "Sum",
      },
    },
  ),
  field: field(z.string().default(""), "Field", { placeholder: "order.total" }),
  includeEmpty: field(z.boolean().default(false), "Include empty values", {
    description: "Null, missing and empty text count, too.",
    showIf: { aggregation: ["append", "concatenate", "count", "countUnique"] },
  }),
  separateBy: field(z.string().default(","), "Separator", { showIf: { aggregation: ["concatenate"] } }),
});
export type Summary = z.infer<typeof summarySchema>;

export const summarize = defineNode({
  type: "summarize",
  version: 1,
  name: "Summarize",
  description: "Counts, adds up and compares items, by groups where wanted: a pivot table.",
  category: "data",
  icon: "sigma",
  parameters: z.object({
    fieldsToSummarize: field(z.array(summarySchema).max(200).default([]), "Fields to summarize"),
    fieldsToSplitBy: field(z.string().default(""), "Fields to split by", {
      description: "Names, with commas between them. Each combination of their values gets a summary of its own.",
    }),
    outputFormat: field(z.enum(["separateItems", "singleItem"]).default("separateItems"), "Output", {
      labels: { separateItems: "An item for each split", singleItem: "One item with all splits" },
    }),
    continueIfFieldNotFound: field(z.boolean().default(false), "Go on when a field is missing", {
      description: "Gives one empty item when no item has a field to summarize.",
      advanced: true,
    }),
    skipEmptySplitFields: field(z.boolean().default(false), "Skip items that can't be split", {
      description: "Items in which a field to split by is missing or empty are left out.",
      advanced: true,
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
  sample: [{ country: "Norway", sum_total: 120 }],
});
