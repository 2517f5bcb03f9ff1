import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";

export const noOp = defineNode({
  type: "no-op",
  version: 1,
  name: "No Operation",
  description: "Passes items on unchanged.",
  category: "flow",
  icon: "arrow-right",
  parameters: z.object({}),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
