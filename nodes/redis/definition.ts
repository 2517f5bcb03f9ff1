import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const READING: ReadonlySet<unknown> = new Set([undefined, "get", "keys", "length", "info"]);
/** What these did once they do once more when they are repeated. */
const ADDING: ReadonlySet<unknown> = new Set(["increment", "push", "pop", "publish"]);
const keyed = { operation: ["get", "set", "delete", "increment"] };
const onLists = { operation: ["push", "pop", "length"] };

export const redis = defineNode({
  type: "redis",
  version: 1,
  name: "Redis",
  description: "Reads and writes keys, counters and lists of a Redis server, and publishes messages.",
  docs: "The credential has the fields `host`, `port`, `password`, and where they are needed `user`, `database` (a number) and `ssl`.",
  category: "integration",
  icon: "database-zap",
  parameters: z.object({
    operation: field(
      z.enum(["get", "set", "delete", "increment", "keys", "push", "pop", "length", "publish", "info"]).default("get"),
      "Operation",
      {
        labels: {
          get: "Get a key",
          set: "Set a key",
          delete: "Delete a key",
          increment: "Increment a number",
          keys: "Find keys",
          push: "Push to a list",
          pop: "Pop from a list",
          length: "Length of a list",
          publish: "Publish a message",
          info: "Information about the server",
        },
      },
    ),
    key: field(z.string().default(""), "Key", { placeholder: "session:42", showIf: keyed, required: true }),
    keyType: field(z.enum(["automatic", "string", "hash", "list", "set"]).default("automatic"), "Type", {
      labels: { automatic: "Automatic", string: "String", hash: "Hash", list: "List", set: "Set" },
      showIf: { operation: ["get", "set"] },
    }),
    value: field(z.unknown().optional(), "Value", {
      description: "A list and a hash take JSON; what is set replaces all that was there.",
      showIf: { operation: ["set"] },
    }),
    expireSeconds: field(z.number().int().min(0).default(0), "Expire after seconds", {
      description: "0: never.",
      showIf: { operation: ["set", "increment"] },
    }),
    pattern: field(z.string().default("*"), "Pattern", { placeholder: "session:*", showIf: { operation: ["keys"] } }),
    withValues: field(z.boolean().default(true), "Give the values", { showIf: { operation: ["keys"] } }),
    maxKeys: field(z.number().int().min(1).max(100_000).default(1000), "Most keys", {
      description: "More keys than that fail, instead of filling the memory.",
      showIf: { operation: ["keys"] },
      advanced: true,
    }),
    list: field(z.string().default(""), "List", { placeholder: "jobs", showIf: onLists, required: true }),
    message: field(z.unknown().optional(), "Data", { showIf: { operation: ["push", "publish"] } }),
    tail: field(z.boolean().default(false), "At the end of the list", { showIf: { operation: ["push", "pop"] } }),
    channel: field(z.string().default(""), "Channel", { showIf: { operation: ["publish"] }, required: true }),
    outputField: field(z.string().min(1).default("value"), "Put the value in", {
      description: "Field of the item that takes the value.",
      showIf: { operation: ["get", "pop"] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "redis", label: "Redis", types: ["custom"], kind: "redis", required: true }],
  effect: ({ operation }: JsonObject): Effect => (READING.has(operation) ? "read" : "write"),
  repeatable: ({ operation }: JsonObject) => !ADDING.has(operation),
  sample: [{ value: "42" }],
});
