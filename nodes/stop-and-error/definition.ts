import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const stopAndError = defineNode({
  type: "stop-and-error",
  version: 1,
  name: "Stop and Error",
  description: "Fails the execution with a message of yours.",
  category: "flow",
  icon: "octagon-x",
  parameters: z.object({
    errorType: field(z.enum(["message", "object"]).default("message"), "Error type", { labels: { message: "Message", object: "Object" } }),
    message: field(z.string().default("An error occurred!"), "Message", { control: "textarea", showIf: { errorType: ["message"] } }),
    object: field(z.unknown().default("{}"), "Object", {
      description: "A JSON object; its `message` is shown.",
      control: "json",
      showIf: { errorType: ["object"] },
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [],
  effect: "pure",
});
