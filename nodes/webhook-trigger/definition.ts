import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const answersLater = { responseMode: ["lastNode"] };

export const webhookTrigger = defineNode({
  type: "webhook-trigger",
  version: 1,
  name: "Webhook",
  description: "Starts the flow when its URL is called.",
  category: "trigger",
  icon: "webhook",
  parameters: z.object({
    methods: field(
      z
        .array(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]))
        .min(1)
        .default(["POST"]),
      "Methods",
      {
        description: "Calls with any other method are answered with 405.",
      },
    ),
    responseMode: field(z.enum(["immediately", "lastNode", "respondNode"]).default("immediately"), "Respond", {
      description: "When the caller gets its answer.",
      labels: { immediately: "Immediately", lastNode: "When the last node finishes", respondNode: "Using a Respond to Webhook node" },
    }),
    responseData: field(z.enum(["firstItem", "allItems", "noBody"]).default("firstItem"), "Response data", {
      labels: { firstItem: "First item, as JSON", allItems: "All items, as a JSON list", noBody: "No body" },
      showIf: answersLater,
    }),
    responseCode: field(z.number().int().min(100).max(599).default(200), "Response code", {
      description: "HTTP status of the answer.",
      showIf: { responseMode: ["immediately", "lastNode"] },
    }),
    responseHeaders: field(
      z.array(z.object({ name: z.string().default(""), value: z.string().default("") })).default([]),
      "Response headers",
      {
        control: "keyvalue",
        showIf: { responseMode: ["immediately", "lastNode"] },
      },
    ),
    authentication: field(z.enum(["none"]).default("none"), "Authentication", { labels: { none: "None" } }),
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "webhook",
  sample: [{ method: "POST", headers: { "content-type": "application/json" }, params: {}, query: {}, body: { name: "Ada" } }],
});
