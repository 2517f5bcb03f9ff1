import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { formField } from "../form-fields";
import { waitLimitFields } from "../wait-limit-fields";

const onPage = { operation: ["page"] };
const atEnd = { operation: ["ending"] };
const withWords = { ...atEnd, endWith: ["text", "file"] };

export const form = defineNode({
  type: "form",
  version: 1,
  name: "Form",
  description: "Shows whoever sent the flow's form a further page of it, or how it ends. What came before can stand on the page.",
  category: "flow",
  icon: "panels-top-left",
  parameters: z.object({
    operation: field(z.enum(["page", "ending"]).default("page"), "Show", {
      labels: { page: "The next page", ending: "The end of the form" },
    }),
    title: field(z.string().max(500).default(""), "Title", { description: "Empty: the form's own.", showIf: onPage }),
    description: field(z.string().max(5000).default(""), "Description", { control: "textarea", showIf: onPage }),
    fieldsFrom: field(z.enum(["list", "json"]).default("list"), "Fields", {
      labels: { list: "Listed below", json: "From JSON" },
      showIf: onPage,
    }),
    fields: field(z.array(formField).max(200).default([]), "Fields", { showIf: { ...onPage, fieldsFrom: ["list"] } }),
    fieldsJson: field(z.unknown().default(""), "Fields as JSON", {
      description: "A list of fields, each with label, type, options, required.",
      control: "json",
      placeholder: '[{ "label": "Name", "type": "text", "required": true }]',
      showIf: { ...onPage, fieldsFrom: ["json"] },
    }),
    buttonLabel: field(z.string().max(100).default("Submit"), "Button", { showIf: onPage }),
    ...waitLimitFields(onPage),
    endWith: field(z.enum(["text", "redirect", "html", "file"]).default("text"), "With", {
      labels: { text: "A text", redirect: "Another page", html: "HTML", file: "A file to download" },
      showIf: atEnd,
    }),
    endTitle: field(z.string().max(500).default("Thank you"), "Title", { showIf: withWords }),
    endText: field(z.string().max(20_000).default(""), "Text", { control: "textarea", showIf: withWords }),
    redirectUrl: field(z.string().max(2000).default(""), "Page", {
      placeholder: "https://example.com/thanks",
      required: true,
      showIf: { ...atEnd, endWith: ["redirect"] },
    }),
    html: field(z.string().max(500_000).default(""), "HTML", {
      description: "The whole page. It is shown apart from everything of this installation.",
      control: "textarea",
      showIf: { ...atEnd, endWith: ["html"] },
    }),
    fileField: field(z.string().max(200).default("data"), "File field", {
      description: "Where the item holds the file.",
      showIf: { ...atEnd, endWith: ["file"] },
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
  sample: [{ Name: "Ada", submittedAt: "2026-01-01T12:00:00.000Z", formMode: "production" }],
});
