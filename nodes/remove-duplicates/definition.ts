import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect, type HandleSpec } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const within = { operation: ["input"] };
const some = { operation: ["input"], compare: ["allFieldsExcept", "selectedFields"] };
const earlier = { operation: ["earlier"] };

export const removeDuplicates = defineNode({
  type: "remove-duplicates",
  version: 1,
  name: "Remove Duplicates",
  description: "Keeps the first of items that are equal, or only what earlier executions have not seen.",
  docs: "What was seen in earlier executions is kept with the flow. Items that were seen leave by the second output.",
  category: "data",
  icon: "copy",
  parameters: z.object({
    operation: field(z.enum(["input", "earlier", "clear"]).default("input"), "Remove", {
      labels: { input: "Items repeated in the input", earlier: "Items seen in earlier executions", clear: "Nothing: forget what was seen" },
    }),
    compare: field(z.enum(["allFields", "allFieldsExcept", "selectedFields"]).default("allFields"), "Compare", {
      labels: { allFields: "All fields", allFieldsExcept: "All fields except", selectedFields: "Some fields" },
      showIf: within,
    }),
    fieldsToExclude: field(z.string().default(""), "Fields not to compare", {
      description: "Names, with commas between them.",
      showIf: { ...within, compare: ["allFieldsExcept"] },
    }),
    fieldsToCompare: field(z.string().default(""), "Fields to compare", {
      description: "Names, with commas between them.",
      showIf: { ...within, compare: ["selectedFields"] },
    }),
    removeOtherFields: field(z.boolean().default(false), "Keep only the compared fields", { showIf: some }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { showIf: some, advanced: true }),
    keepWhere: field(z.enum(["new", "higher", "later"]).default("new"), "Keep items whose", {
      labels: { new: "value is new", higher: "value is higher than any before", later: "date is later than any before" },
      showIf: earlier,
    }),
    value: field(z.unknown().optional(), "Value", { placeholder: "={{ $json.id }}", showIf: earlier }),
    historySize: field(z.number().int().min(1).max(50_000).default(10_000), "Values to remember", {
      description: "The oldest are forgotten beyond it.",
      showIf: { ...earlier, keepWhere: ["new"] },
      advanced: true,
    }),
    scope: field(z.enum(["node", "flow"]).default("node"), "Shared with", {
      labels: { node: "No other node", flow: "The nodes of this flow that say the same" },
      showIf: { operation: ["earlier", "clear"] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: ({ operation }: JsonObject): HandleSpec[] =>
    operation === "earlier"
      ? [
          { name: "main", label: "Kept" },
          { name: "discarded", label: "Discarded" },
        ]
      : [{ name: "main" }],
  effect: ({ operation }: JsonObject): Effect => (operation === undefined || operation === "input" ? "pure" : "write"),
});
