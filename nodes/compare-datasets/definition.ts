import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const compareDatasets = defineNode({
  type: "compare-datasets",
  version: 1,
  name: "Compare Datasets",
  description: "Tells which items are in one input only, in both, or in both but different.",
  category: "data",
  icon: "combine",
  parameters: z.object({
    mergeByFields: field(
      z
        .array(z.object({ field1: field(z.string().default(""), "Input A field"), field2: field(z.string().default(""), "Input B field") }))
        .max(50)
        .default([]),
      "Fields to match",
      { description: "Items belong together when these are equal. An empty second name means the same as the first." },
    ),
    resolve: field(z.enum(["preferInput1", "preferInput2", "mix", "includeBoth"]).default("includeBoth"), "When there are differences", {
      labels: {
        preferInput1: "Use input A's version",
        preferInput2: "Use input B's version",
        mix: "Use a mix of versions",
        includeBoth: "Include both versions",
      },
    }),
    preferWhenMix: field(z.enum(["input1", "input2"]).default("input1"), "Prefer", {
      labels: { input1: "Input A's version", input2: "Input B's version" },
      showIf: { resolve: ["mix"] },
    }),
    exceptWhenMix: field(z.string().default(""), "For everything except", {
      description: "Fields that come from the other input. Names, with commas between them.",
      showIf: { resolve: ["mix"] },
    }),
    fuzzyCompare: field(z.boolean().default(false), "Loose comparison", {
      description: 'Takes 3 and "3", and empty and missing, as equal.',
    }),
    skipFields: field(z.string().default(""), "Fields not to compare", {
      description: "Names, with commas between them.",
      advanced: true,
    }),
    multipleMatches: field(z.enum(["all", "first"]).default("all"), "Several matches", {
      labels: { all: "Compare with each", first: "Compare with the first only" },
      advanced: true,
    }),
    dotNotation: field(z.boolean().default(true), "Dots reach into objects", { advanced: true }),
  }),
  inputs: [
    { name: "input1", label: "Input A" },
    { name: "input2", label: "Input B" },
  ],
  outputs: [
    { name: "onlya", label: "In A only" },
    { name: "same", label: "Same" },
    { name: "different", label: "Different" },
    { name: "onlyb", label: "In B only" },
  ],
  effect: "pure",
});
