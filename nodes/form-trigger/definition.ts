import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const choices = { type: ["dropdown", "checkbox", "radio"] };

/** One field of a form. */
export const formField = z.object({
  label: field(z.string().max(500).default(""), "Label", { description: "What people read, and the name of the value." }),
  name: field(z.string().max(200).default(""), "Name of the value", { description: "Empty: the label.", advanced: true }),
  type: field(
    z
      .enum(["text", "textarea", "number", "email", "password", "date", "dropdown", "checkbox", "radio", "file", "hidden", "html"])
      .default("text"),
    "Type",
    {
      labels: {
        text: "Text",
        textarea: "Text of several lines",
        number: "Number",
        email: "E-mail",
        password: "Password",
        date: "Date",
        dropdown: "Drop-down",
        checkbox: "Checkboxes",
        radio: "Radio buttons",
        file: "File",
        hidden: "Hidden value",
        html: "Text between the fields",
      },
    },
  ),
  placeholder: field(z.string().max(500).default(""), "Placeholder", {
    showIf: { type: ["text", "textarea", "number", "email", "password"] },
  }),
  value: field(z.string().max(5000).default(""), "Value", {
    description: "What stands there at first; for a hidden one, what is sent.",
    showIf: { type: ["text", "textarea", "number", "email", "date", "hidden", "html"] },
  }),
  options: field(z.string().max(20_000).default(""), "Options", { description: "One a line.", control: "textarea", showIf: choices }),
  multiple: field(z.boolean().default(false), "Several", { showIf: { type: ["dropdown", "file"] } }),
  accept: field(z.string().max(500).default(""), "Accepted files", { placeholder: ".pdf, .jpg", showIf: { type: ["file"] } }),
  required: field(z.boolean().default(false), "Required"),
});

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
