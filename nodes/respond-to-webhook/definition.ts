import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const respondToWebhook = defineNode({
  type: "respond-to-webhook",
  version: 1,
  name: "Respond to Webhook",
  description: "Answers the call that started the execution, and goes on.",
  category: "flow",
  icon: "reply",
  parameters: z.object({
    respondWith: field(z.enum(["firstItem", "allItems", "json", "text", "redirect", "noData"]).default("firstItem"), "Respond with", {
      labels: { firstItem: "First item", allItems: "All items", json: "JSON", text: "Text", redirect: "Redirect", noData: "No data" },
    }),
    json: field(z.unknown().default("{}"), "JSON", { control: "json", showIf: { respondWith: ["json"] } }),
    text: field(z.string().default(""), "Text", { control: "textarea", showIf: { respondWith: ["text"] } }),
    redirectUrl: field(z.string().default(""), "Redirect to", {
      placeholder: "https://example.com",
      showIf: { respondWith: ["redirect"] },
    }),
    responseKey: field(z.string().default(""), "Put under the field", {
      description: "Empty: the answer is the data itself.",
      showIf: { respondWith: ["firstItem", "allItems"] },
    }),
    status: field(z.number().int().min(100).max(599).optional(), "Status", {
      description: "200 unless set; 302 for a redirect, 204 without data.",
    }),
    headers: field(
      z
        .array(z.object({ name: z.string().default(""), value: z.string().default("") }))
        .max(100)
        .default([]),
      "Headers",
      {
        control: "keyvalue",
      },
    ),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
