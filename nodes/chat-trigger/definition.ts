import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const chatTrigger = defineNode({
  type: "chat-trigger",
  version: 1,
  name: "Chat Trigger",
  description: "Starts the flow with each message of its chat page, and answers there.",
  category: "trigger",
  icon: "message-square",
  parameters: z.object({
    title: field(z.string().max(200).default("Chat"), "Title", { expression: false }),
    subtitle: field(z.string().max(1000).default(""), "Subtitle", { expression: false }),
    welcome: field(z.string().max(5000).default("Hello! How can I help?"), "First messages", {
      description: "Shown before anything was asked. One a line.",
      control: "textarea",
      expression: false,
    }),
    placeholder: field(z.string().max(200).default("Type a message"), "Placeholder", { expression: false, advanced: true }),
    responseMode: field(z.enum(["lastNode", "respondNode"]).default("lastNode"), "Answer", {
      description: "The last node's field output, text or message is the answer.",
      labels: { lastNode: "What the last node gives", respondNode: "Using a Respond to Webhook node" },
    }),
    authentication: field(z.enum(["none", "basic"]).default("none"), "Authentication", {
      description: "The password is kept apart from the flow: set it above.",
      labels: { none: "None", basic: "Basic (user and password)" },
    }),
    username: field(z.string().max(200).default(""), "User", { expression: false, showIf: { authentication: ["basic"] } }),
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "chat",
  sample: [{ sessionId: "0f1c", action: "sendMessage", chatInput: "Hello" }],
});
