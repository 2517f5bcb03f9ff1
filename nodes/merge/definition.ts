import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type HandleSpec } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const byFields = { mode: ["combineByFields"] };
const combines = { mode: ["combineByPosition", "combineByFields", "combineAll"] };

export const merge = defineNode({
  type: "merge",
  version: 1,
  name: "Merge",
  description: "Brings items of several inputs together.",
  category: "data",
  icon: "merge",
  parameters: z.object({
    mode: field(z.enum(["append", "combineByPosition", "combineByFields", "combineAll", "chooseBranch", "sql"]).default("append"), "Mode", {
      labels: {
        append: "Append",
        combineByPosition: "Combine by position",
        combineByFields: "Combine by matching fields",
        combineAll: "All possible combinations",
        chooseBranch: "Choose a branch",
        sql: "SQL query",
      },
    }),
    numberInputs: field(z.number().int().min(2).max(10).default(2), "Number of inputs", {
      showIf: { mode: ["append", "combineByPosition", "chooseBranch", "sql"] },
    }),
    matchFields: field(
      z
        .array(z.object({ field1: field(z.string().default(""), "Input 1 field"), field2: field(z.string().default(""), "Input 2 field") }))
        .default([]),
      "Fields to match",
      { description: "An empty second name means the same as the first.", showIf: byFields },
    ),
    joinMode: field(
      z.enum(["keepMatches", "keepNonMatches", "keepEverything", "enrichInput1", "enrichInput2"]).default("keepMatches"),
      "Output",
      {
        labels: {
          keepMatches: "Matches (inner join)",
          keepNonMatches: "What has no match",
          keepEverything: "Everything (outer join)",
          enrichInput1: "Input 1, enriched (left join)",
          enrichInput2: "Input 2, enriched (right join)",
        },
        showIf: byFields,
      },
    ),
    outputDataFrom: field(z.enum(["both", "input1", "input2"]).default("both"), "Output data from", {
      labels: { both: "Both inputs", input1: "Input 1", input2: "Input 2" },
      showIf: { mode: ["combineByFields"], joinMode: ["keepMatches", "keepNonMatches"] },
    }),
    clash: field(z.enum(["auto", "preferInput1", "preferLast", "addSuffix"]).default("auto"), "When fields have the same name", {
      labels: {
        auto: "Take the last input's",
        preferInput1: "Take input 1's",
        preferLast: "Take the last input's",
        addSuffix: "Keep all, with the input's number after the name",
      },
      description: "In a right join the default is to take input 1's.",
      showIf: combines,
    }),
    nested: field(z.enum(["deep", "shallow"]).default("deep"), "Nested fields", {
      labels: { deep: "Merge (deep)", shallow: "Replace (shallow)" },
      showIf: combines,
    }),
    overrideEmpty: field(z.boolean().default(false), "Avoid empty fields", {
      description: "Of two fields with the same name take the one that isn't empty.",
      showIf: combines,
    }),
    includeUnpaired: field(z.boolean().default(false), "Include unpaired items", { showIf: { mode: ["combineByPosition"] } }),
    unpairedFrom: field(z.enum(["all", "input1"]).default("all"), "Unpaired items of", {
      labels: { all: "All inputs", input1: "Input 1" },
      showIf: { mode: ["combineByPosition"], includeUnpaired: [true] },
    }),
    multipleMatches: field(z.enum(["all", "first"]).default("all"), "Several matches", {
      labels: { all: "One item for each", first: "Only the first" },
      showIf: byFields,
    }),
    fuzzyCompare: field(z.boolean().default(false), "Loose comparison", {
      description: 'Takes 3 and "3", and empty and missing, as equal.',
      showIf: byFields,
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { showIf: byFields }),
    branch: field(z.number().int().min(1).max(10).default(1), "Branch", {
      description: "The input whose items go on.",
      showIf: { mode: ["chooseBranch"] },
    }),
    branchOutput: field(z.enum(["input", "empty"]).default("input"), "Output", {
      labels: { input: "The items of that input", empty: "A single, empty item" },
      showIf: { mode: ["chooseBranch"] },
    }),
    query: field(z.string().max(100_000).default("SELECT * FROM input1 LEFT JOIN input2 ON input1.id = input2.id"), "Query", {
      description: "The inputs are the tables input1, input2, … The dialect is AlaSQL's.",
      control: "code",
      showIf: { mode: ["sql"] },
    }),
    emptyResult: field(z.enum(["empty", "success"]).default("empty"), "When nothing is found", {
      labels: { empty: "No item", success: "An item that says success" },
      showIf: { mode: ["sql"] },
      advanced: true,
    }),
  }),
  inputs: mergeInputs,
  outputs: [{ name: "main" }],
  effect: "pure",
});

/** `input1`, `input2`, … */
function mergeInputs({ mode, numberInputs }: JsonObject): HandleSpec[] {
  const several = mode === undefined || mode === "append" || mode === "combineByPosition" || mode === "chooseBranch" || mode === "sql";
  const count = several && typeof numberInputs === "number" ? Math.min(10, Math.max(2, Math.floor(numberInputs))) : 2;
  return Array.from({ length: count }, (_, index) => ({ name: `input${index + 1}`, label: `Input ${index + 1}` }));
}
