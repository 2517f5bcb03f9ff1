import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";

export const errorTrigger = defineNode({
  type: "error-trigger",
  version: 1,
  name: "Error Trigger",
  description: "Starts the flow when an execution of a flow that names it as its error flow has failed.",
  category: "trigger",
  icon: "triangle-alert",
  parameters: z.object({}),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "error",
  sample: [
    {
      execution: {
        id: "exec_01",
        url: "https://example.com/executions/exec_01",
        error: { message: "The service answered 500", stack: "Error: The service answered 500", node: { name: "HTTP Request" } },
        lastNodeExecuted: "HTTP Request",
        mode: "trigger",
      },
      workflow: { id: "flow_01", name: "Orders" },
    },
  ],
});
