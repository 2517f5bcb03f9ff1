import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const READING: ReadonlySet<unknown> = new Set([undefined, "list", "download"]);

export const sftp = defineNode({
  type: "sftp",
  version: 1,
  name: "SFTP",
  description: "Lists, downloads, uploads, renames and deletes files of an SFTP server.",
  docs: "The credential has the fields `host`, `port`, `user` and `password` (or `private_key` with its `passphrase`), and `fingerprint`: the server's key, as `SHA256:…`. Without it the first connection fails and names it, so that it can be compared and added.",
  category: "integration",
  icon: "folder-sync",
  parameters: z.object({
    operation: field(z.enum(["list", "download", "upload", "rename", "delete"]).default("list"), "Operation", {
      labels: {
        list: "List a folder",
        download: "Download a file",
        upload: "Upload a file",
        rename: "Rename or move",
        delete: "Delete a file or a folder",
      },
    }),
    path: field(z.string().default(""), "Path", { placeholder: "/invoices/2026.pdf", required: true }),
    newPath: field(z.string().default(""), "New path", { showIf: { operation: ["rename"] }, required: true }),
    recursive: field(z.boolean().default(false), "Folders below as well", { showIf: { operation: ["list"] } }),
    folder: field(z.boolean().default(false), "It is a folder", {
      description: "Deletes it with all that is in it.",
      showIf: { operation: ["delete"] },
    }),
    createFolders: field(z.boolean().default(true), "Make missing folders", { showIf: { operation: ["upload", "rename"] } }),
    source: field(z.enum(["file", "text"]).default("file"), "Content", {
      labels: { file: "A file of the item", text: "Text" },
      showIf: { operation: ["upload"] },
    }),
    file: field(z.string().min(1).default("data"), "File", {
      description: "Name of the item's file.",
      showIf: { operation: ["download", "upload"] },
    }),
    text: field(z.string().default(""), "Text", { control: "textarea", showIf: { operation: ["upload"], source: ["text"] } }),
    maxEntries: field(z.number().int().min(1).max(100_000).default(10_000), "Most entries", {
      description: "Folders with more fail, instead of filling the memory.",
      showIf: { operation: ["list"] },
      advanced: true,
    }),
    timeoutSeconds: field(z.number().min(1).max(3600).default(300), "Time limit of an operation in seconds", { advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "sftp", label: "SFTP server", types: ["custom"], kind: "sftp", required: true }],
  effect: ({ operation }: JsonObject): Effect => (READING.has(operation) ? "read" : "write"),
  // What was renamed once is not there to be renamed again.
  repeatable: ({ operation }: JsonObject) => operation !== "rename",
  sample: [{ name: "2026.pdf", path: "/invoices/2026.pdf", type: "file", size: 48213, modifyTime: "2026-01-31T09:30:00.000Z" }],
});
