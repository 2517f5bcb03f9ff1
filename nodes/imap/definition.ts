import { z } from "zod";
import type { CredentialSlot } from "@/flow/credentials/types";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { imapSlot } from "./credential-slot";

const READING: ReadonlySet<unknown> = new Set([undefined, "search", "get", "mailboxes"]);
const OF_MESSAGES = ["get", "mark", "move", "copy", "delete"];

export const imap = defineNode({
  type: "imap",
  version: 1,
  name: "E-mail (IMAP)",
  description: "Finds and reads messages of a mailbox, marks, moves and deletes them, and keeps drafts.",
  docs: "Messages are named by their UID, as a search gives it. The credential has the fields `host`, `port`, `user` and `password`, and `secure`: `implicit` (TLS from the start, as on port 993; so without a value), `starttls` or `none`. Accounts of Google can log in with OAuth; of Microsoft with an OAuth credential that has the scope `https://outlook.office.com/IMAP.AccessAsUser.All`.",
  category: "integration",
  icon: "inbox",
  parameters: z.object({
    operation: field(z.enum(["search", "get", "mark", "move", "copy", "delete", "draft", "mailboxes"]).default("search"), "Operation", {
      labels: {
        search: "Find messages",
        get: "Read a message",
        mark: "Mark messages",
        move: "Move messages",
        copy: "Copy messages",
        delete: "Delete messages",
        draft: "Keep a draft",
        mailboxes: "List mailboxes",
      },
    }),
    account: field(z.enum(["password", "gmail", "outlook"]).default("password"), "Log in with", {
      labels: { password: "User and password", gmail: "A Google account (OAuth)", outlook: "A Microsoft account (OAuth)" },
    }),
    user: field(z.string().default(""), "E-mail address of the account", {
      showIf: { account: ["gmail", "outlook"] },
      required: true,
    }),
    mailbox: field(z.string().default("INBOX"), "Mailbox", { showIf: { operation: ["search", ...OF_MESSAGES] }, required: true }),
    uids: field(z.union([z.string(), z.number()]).default(""), "UID", {
      placeholder: "={{ $json.uid }}",
      description: "Of the message; several with commas between them.",
      showIf: { operation: OF_MESSAGES },
      required: true,
    }),
    unseen: field(z.boolean().default(false), "Unread only", { showIf: { operation: ["search"] } }),
    from: field(z.string().default(""), "From", { showIf: { operation: ["search"] } }),
    subject: field(z.string().default(""), "Subject contains", { showIf: { operation: ["search"] } }),
    since: field(z.string().default(""), "Since", {
      placeholder: "2026-01-31",
      description: "The day on which it was received, or later.",
      showIf: { operation: ["search"] },
    }),
    text: field(z.string().default(""), "Contains the text", { showIf: { operation: ["search"] } }),
    custom: field(z.unknown().default(""), "Further criteria", {
      control: "json",
      placeholder: '["FLAGGED", ["TO", "ada@example.com"]]',
      description: "A list of IMAP's own criteria, all of which must hold.",
      showIf: { operation: ["search"] },
      advanced: true,
    }),
    limit: field(z.number().int().min(1).max(1000).default(50), "Most messages", {
      description: "The newest are taken, and come first.",
      showIf: { operation: ["search"] },
    }),
    contents: field(z.boolean().default(false), "Read them as well", {
      description: "With text and attachments; otherwise with what a list shows.",
      showIf: { operation: ["search"] },
    }),
    attachments: field(z.boolean().default(true), "With attachments", { showIf: { operation: ["get", "search"] } }),
    prefix: field(z.string().min(1).default("attachment_"), "Prefix of files", {
      description: "The first attachment is the file attachment_0.",
      showIf: { operation: ["get", "search"] },
      advanced: true,
    }),
    markSeen: field(z.boolean().default(false), "Mark as read", { showIf: { operation: ["get", "search"] }, advanced: true }),
    mark: field(z.enum(["seen", "unseen", "flagged", "unflagged"]).default("seen"), "Mark as", {
      labels: { seen: "Read", unseen: "Unread", flagged: "Starred", unflagged: "Not starred" },
      showIf: { operation: ["mark"] },
    }),
    destination: field(z.string().default(""), "To mailbox", {
      placeholder: "Archive",
      showIf: { operation: ["move", "copy"] },
      required: true,
    }),
    draftFrom: field(z.string().default(""), "From", { placeholder: "Shop <shop@example.com>", showIf: { operation: ["draft"] } }),
    draftTo: field(z.string().default(""), "To", { placeholder: "ada@example.com", showIf: { operation: ["draft"] } }),
    draftSubject: field(z.string().default(""), "Subject", { showIf: { operation: ["draft"] } }),
    draftText: field(z.string().default(""), "Text", { control: "textarea", showIf: { operation: ["draft"] } }),
    draftHtml: field(z.string().default(""), "HTML", { control: "textarea", showIf: { operation: ["draft"] }, advanced: true }),
    draftFiles: field(z.string().default(""), "Attachments", {
      placeholder: "data, invoice",
      description: "Names of the item's files, with commas between them.",
      showIf: { operation: ["draft"] },
    }),
    drafts: field(z.string().default(""), "Mailbox of drafts", {
      description: "Without a value the one that the server says is for drafts.",
      showIf: { operation: ["draft"] },
      advanced: true,
    }),
    timeoutSeconds: field(z.number().min(1).max(3600).default(120), "Time limit of an operation in seconds", { advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: ({ account }: JsonObject): CredentialSlot[] => [imapSlot(account)],
  effect: ({ operation, markSeen }: JsonObject): Effect => (READING.has(operation) && markSeen !== true ? "read" : "write"),
  // A second copy or draft would lie beside the first, and what was moved is not there to be moved again.
  repeatable: ({ operation }: JsonObject) => operation !== "copy" && operation !== "move" && operation !== "draft",
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
      inReplyTo: null,
      size: 4213,
      seen: false,
      flagged: false,
      flags: [],
    },
  ],
});
