import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const reads = (operation: unknown): boolean => operation === undefined || operation === "find" || operation === "aggregate";
const filtered = { operation: ["find", "update", "findOneAndUpdate", "delete"] };

export const mongodb = defineNode({
  type: "mongodb",
  version: 1,
  name: "MongoDB",
  description: "Finds, aggregates, inserts, updates and deletes the documents of a MongoDB database.",
  docs: 'The credential has the fields `host` (several with commas between them: `a.example.com:27017, b.example.com:27017`), `port`, `user`, `password`, `database`, `auth_source` (`admin` without a value) and `ssl`. Addresses that begin with mongodb+srv are not followed: give the hosts behind them. Documents are JSON; types that JSON has not are written as `{ "$oid": "…" }` and `{ "$date": "…" }`, and an `_id` of 24 hex digits is taken for an ObjectId.',
  category: "integration",
  icon: "leaf",
  parameters: z.object({
    operation: field(z.enum(["find", "aggregate", "insert", "update", "findOneAndUpdate", "delete"]).default("find"), "Operation", {
      labels: {
        find: "Find documents",
        aggregate: "Aggregate documents",
        insert: "Insert documents",
        update: "Update documents",
        findOneAndUpdate: "Update one and give it",
        delete: "Delete documents",
      },
    }),
    collection: field(z.string().default(""), "Collection", { placeholder: "orders", required: true }),
    query: field(z.unknown().default({}), "Query", {
      control: "json",
      placeholder: '{ "status": "open" }',
      description: "Which documents; for what changes them it must not be empty.",
      showIf: filtered,
    }),
    pipeline: field(z.unknown().default([]), "Pipeline", {
      control: "json",
      placeholder: '[{ "$match": { "status": "open" } }]',
      showIf: { operation: ["aggregate"] },
    }),
    document: field(z.unknown().optional(), "Document", {
      control: "json",
      description: "The item itself without a value.",
      showIf: { operation: ["insert"] },
    }),
    update: field(z.unknown().default({}), "Update", {
      control: "json",
      placeholder: '{ "$set": { "status": "paid" } }',
      description: "Operators such as $set and $inc; fields without one are set.",
      showIf: { operation: ["update", "findOneAndUpdate"] },
    }),
    many: field(z.boolean().default(true), "All that match", {
      description: "Off: only the first.",
      showIf: { operation: ["update", "delete"] },
    }),
    upsert: field(z.boolean().default(false), "Insert if there is none", { showIf: { operation: ["update", "findOneAndUpdate"] } }),
    limit: field(z.number().int().min(0).max(100_000).default(50), "Limit", {
      description: "0 for no limit.",
      showIf: { operation: ["find"] },
    }),
    skip: field(z.number().int().min(0).default(0), "Skip", { showIf: { operation: ["find"] }, advanced: true }),
    sort: field(z.unknown().default({}), "Sort", {
      control: "json",
      placeholder: '{ "createdAt": -1 }',
      showIf: { operation: ["find", "findOneAndUpdate"] },
    }),
    projection: field(z.unknown().default({}), "Fields", {
      control: "json",
      placeholder: '{ "name": 1 }',
      showIf: { operation: ["find"] },
      advanced: true,
    }),
    maxDocuments: field(z.number().int().min(1).max(100_000).default(10_000), "Most documents", {
      description: "A query that gives more fails, instead of filling the memory.",
      showIf: { operation: ["find", "aggregate"] },
      advanced: true,
    }),
    timeoutSeconds: field(z.number().min(1).max(3600).default(60), "Time limit in seconds", { advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "mongodb", label: "MongoDB", types: ["custom"], kind: "mongodb", required: true }],
  effect: ({ operation }: JsonObject): Effect => (reads(operation) ? "read" : "write"),
  // An insert has the same _id in every attempt; what an update adds it would add again.
  repeatable: ({ operation }: JsonObject) => operation !== "update" && operation !== "findOneAndUpdate",
  sample: [{ _id: "65b9f0c2a1b2c3d4e5f60718", name: "Ada", total: 42 }],
});
