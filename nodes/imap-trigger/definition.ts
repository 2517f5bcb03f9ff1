import { z } from "zod";
import type { CredentialSlot } from "@/flow/credentials/types";
import type { JsonObject } from "@/flow/item";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { imapSlot } from "../imap/credential-slot";
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
    account: field(z.enum(["password", "gmail", "outlook"]).default("password"), "Log in with", {
      labels: { password: "User and password", gmail: "A Google account (OAuth)", outlook: "A Microsoft account (OAuth)" },
    }),
    user: field(z.string().default(""), "E-mail address of the account", { showIf: { account: ["gmail", "outlook"] }, required: true }),
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
  credentials: ({ account }: JsonObject): CredentialSlot[] => [imapSlot(account)],
  effect: "read",
  trigger: "poll",
  watches: ["account", "user", "mailbox"],
  sample: [
    {
      uid: 4711,
      mailbox: "INBOX",
      uidValidity: "1",
      subject: "Order 1001",
      from: [{ name: "Ada", address: "ada@example.com" }],
      to: [{ name: "", address: "shop@example.com" }],
      cc: [],
      date: "2026-01-31T09:30:00.000Z",
      received: "2026-01-31T09:30:02.000Z",
      messageId: "<1@example.com>",
      text: "Two of the blue ones, please.",
      html: null,
      attachments: [],
    },
  ],
});
