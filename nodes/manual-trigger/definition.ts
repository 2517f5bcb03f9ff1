import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";

export const manualTrigger = defineNode({
  type: "manual-trigger",
  version: 1,
  name: "Manual Trigger",
  description: "Starts the flow when you press Run.",
  category: "trigger",
  icon: "mouse-pointer-click",
  parameters: z.object({}),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "manual",
  sample: [{}],
});
