import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { ignoreTlsErrorsField } from "../http-fields";

export const sendEmail = defineNode({
  type: "send-email",
  version: 1,
  name: "Send E-mail",
  description: "Sends a message through an SMTP server, one for each item.",
  docs: "The credential has the fields `host`, `port`, `user` and `password`, and `secure` (true: TLS from the start, as on port 465).",
  category: "integration",
  icon: "mail",
  parameters: z.object({
    from: field(z.string().default(""), "From", { placeholder: "Shop <shop@example.com>", required: true }),
    to: field(z.string().default(""), "To", { placeholder: "ada@example.com, Bo <bo@example.com>", required: true }),
    subject: field(z.string().default(""), "Subject"),
    format: field(z.enum(["html", "text", "both"]).default("html"), "Format", {
      labels: { html: "HTML", text: "Text", both: "Both" },
    }),
    text: field(z.string().default(""), "Text", { control: "textarea", showIf: { format: ["text", "both"] } }),
    html: field(z.string().default(""), "HTML", { control: "textarea", showIf: { format: ["html", "both"] } }),
    attachments: field(z.string().default(""), "Attachments", {
      placeholder: "data, invoice",
      description: "Names of the item's files, with commas between them. In HTML an image is shown by `cid:` and its name.",
    }),
    cc: field(z.string().default(""), "Cc", { advanced: true }),
    bcc: field(z.string().default(""), "Bcc", { advanced: true }),
    replyTo: field(z.string().default(""), "Reply to", { advanced: true }),
    ignoreTlsErrors: ignoreTlsErrorsField,
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "smtp", label: "SMTP server", types: ["custom"], kind: "smtp", required: true }],
  effect: "write",
  repeatable: false,
  sample: [
    {
      accepted: ["ada@example.com"],
      rejected: [],
      response: "250 Message queued",
      envelope: { from: "shop@example.com", to: ["ada@example.com"] },
      messageId: "<4f1a@example.com>",
    },
  ],
});
