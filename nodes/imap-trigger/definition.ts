import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { imap } from "../imap/definition";
import { pollFields } from "../poll-fields";

export const imapTrigger = defineNode({
  type: "imap-trigger",
  version: 1,
  name: "Email Trigger (IMAP)",
  description: "Starts the flow when messages come into a mailbox.",
  docs: "What is in the mailbox when the flow is switched on starts nothing. A message is marked as read with the check after the one that found it: by then the flow has it for certain. Where the server gives a mailbox new UIDs, what came in between starts nothing.",
  category: "trigger",
  icon: "mail-plus",
  parameters: z.object({
    ...imap.parameters.pick({ account: true, user: true }).shape,
    mailbox: field(z.string().default("INBOX"), "Mailbox", { required: true }),
    postProcess: field(z.enum(["read", "nothing"]).default("read"), "Afterwards", {
      labels: { read: "Mark as read", nothing: "Nothing" },
    }),
    format: field(z.enum(["message", "simple", "resolved", "raw"]).default("message"), "Format", {
      labels: {
        message: "As the node E-mail (IMAP) gives it",
        simple: "n8n's simple",
        resolved: "n8n's resolved",
        raw: "Raw (base64url)",
      },
    }),
    attachments: field(z.boolean().default(true), "With attachments", { showIf: { format: ["message", "simple", "resolved"] } }),
    prefix: field(z.string().min(1).default("attachment_"), "Prefix of files", {
      description: "The first attachment is the file attachment_0.",
      showIf: { format: ["message", "simple", "resolved"] },
      advanced: true,
    }),
    custom: field(z.unknown().default('["UNSEEN"]'), "Criteria", {
      control: "json",
      placeholder: '["UNSEEN", ["FROM", "ada@example.com"]]',
      description: "A list of IMAP's own criteria, all of which must hold. Empty: every message that comes.",
      advanced: true,
    }),
    ...pollFields,
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  credentials: imap.credentials,
  effect: "read",
  trigger: "poll",
  watches: ["account", "user", "mailbox"],
  sample: (imap.sample ?? []).map((summary) => ({ ...summary, text: "Two of the blue ones, please.", html: null, attachments: [] })),
});
