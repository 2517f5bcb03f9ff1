import { z } from "zod";
import { conditionsSchema } from "@/flow/node/conditions";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const filter = defineNode({
  type: "filter",
  version: 1,
  name: "Filter",
  description: "Keeps only the items that meet conditions.",
  category: "data",
  icon: "funnel",
  parameters: z.object({
    conditions: field(conditionsSchema.prefault({}), "Conditions", { control: "conditions" }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
