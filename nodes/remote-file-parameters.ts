import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import type { Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const READING: ReadonlySet<unknown> = new Set([undefined, "list", "download"]);

/** What nodes of file servers are told. */
export const remoteFileParameters = z.object({
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
  folder: field(z.boolean().default(false), "It is a folder", { showIf: { operation: ["delete"] } }),
  contents: field(z.boolean().default(true), "With all that is in it", {
    description: "A folder that is not empty is not deleted otherwise.",
    showIf: { operation: ["delete"], folder: [true] },
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
});

export const remoteFileEffect = ({ operation }: JsonObject): Effect => (READING.has(operation) ? "read" : "write");

/** What was renamed once is not there to be renamed again. */
export const isRepeatableOnFiles = ({ operation }: JsonObject): boolean => operation !== "rename";

export const REMOTE_FILE_SAMPLE: JsonObject[] = [
  { name: "2026.pdf", path: "/invoices/2026.pdf", type: "file", size: 48213, modifyTime: "2026-01-31T09:30:00.000Z" },
];
