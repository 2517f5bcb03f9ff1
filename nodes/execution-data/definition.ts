import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const executionData = defineNode({
  type: "execution-data",
  version: 1,
  name: "Execution Data",
  description:
    "Has the execution say of itself what matters: shown on its page, found by search, read by later nodes as $execution.customData.",
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
      { description: "Up to ten for an execution, of 512 characters each. Of several items the last one counts." },
    ),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
