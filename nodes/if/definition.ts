import { z } from "zod";
import { conditionsSchema } from "@/flow/node/conditions";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const ifNode = defineNode({
  type: "if",
  version: 1,
  name: "If",
  description: "Sends items one way when conditions hold and another when they don't.",
  category: "logic",
  icon: "split",
  parameters: z.object({
    conditions: field(conditionsSchema.prefault({}), "Conditions", { control: "conditions" }),
  }),
  inputs: [{ name: "main" }],
  outputs: [
    { name: "true", label: "true" },
    { name: "false", label: "false" },
  ],
  effect: "pure",
});
