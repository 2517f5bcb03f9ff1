import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const executionData = defineNode({
  type: "execution-data",
  version: 1,
  name: "Execution Data",
  description: "Notes values that matter in the log of the execution, and hands its items on.",
  category: "flow",
  icon: "database",
  parameters: z.object({
    dataToSave: field(
      z
        .array(
          z.object({
            key: field(z.string().max(50).default(""), "Key", { placeholder: "customerId" }),
            value: field(z.unknown().optional(), "Value"),
          }),
        )
        .max(10)
        .default([]),
      "Values",
      { description: "Up to ten, of 512 characters each." },
    ),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
