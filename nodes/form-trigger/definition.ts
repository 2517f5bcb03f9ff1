import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { formField } from "../form-fields";

export const formTrigger = defineNode({
  type: "form-trigger",
  version: 1,
  name: "Form Trigger",
  description: "Starts the flow when somebody sends its form.",
  category: "trigger",
  icon: "form-input",
  parameters: z.object({
    title: field(z.string().max(500).default("Form"), "Title", { expression: false }),
    description: field(z.string().max(5000).default(""), "Description", { control: "textarea", expression: false }),
    fields: field(z.array(formField).max(200).default([]), "Fields"),
    buttonLabel: field(z.string().max(100).default("Submit"), "Button", { expression: false }),
    responseMode: field(z.enum(["submitted", "lastNode"]).default("submitted"), "Respond", {
      labels: { submitted: "When the form is sent", lastNode: "When the last node finishes" },
    }),
    respondWith: field(z.enum(["text", "redirect"]).default("text"), "With", { labels: { text: "A text", redirect: "Another page" } }),
    responseText: field(z.string().max(5000).default("Thank you. Your answer was sent."), "Text", {
      control: "textarea",
      expression: false,
      showIf: { respondWith: ["text"] },
    }),
    redirectUrl: field(z.string().max(2000).default(""), "Page", {
      placeholder: "https://example.com/thanks",
      expression: false,
      showIf: { respondWith: ["redirect"] },
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
  trigger: "form",
  sample: [{ Name: "Ada", submittedAt: "2026-01-01T12:00:00.000Z", formMode: "production" }],
});
