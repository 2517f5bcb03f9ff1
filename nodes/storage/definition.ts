import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const named = { operation: ["get", "set", "increment", "append", "delete"] };
const READING: ReadonlySet<unknown> = new Set([undefined, "get", "list"]);

export const storage = defineNode({
  type: "storage",
  version: 1,
  name: "Storage",
  description: "Keeps values from one execution to the next: reads, writes, counts and collects them.",
  docs: "Values are JSON of up to 1 MiB under a key. Increment and Append are safe when several executions do it at once. A write counts at once, also when the execution fails afterwards.",
  category: "flow",
  icon: "archive",
  parameters: z.object({
    operation: field(z.enum(["get", "set", "increment", "append", "delete", "list"]).default("get"), "Operation", {
      labels: {
        get: "Get a value",
        set: "Set a value",
        increment: "Increment a number",
        append: "Append to a list",
        delete: "Delete a value",
        list: "List values",
      },
    }),
    scope: field(z.enum(["flow", "organization"]).default("flow"), "Of", {
      labels: { flow: "This flow", organization: "All flows of the organization" },
    }),
    key: field(z.string().default(""), "Key", { placeholder: "lastOrderId", required: true, showIf: named }),
    value: field(z.unknown().optional(), "Value", { control: "json", showIf: { operation: ["set", "append"] } }),
    by: field(z.number().default(1), "By", { showIf: { operation: ["increment"] } }),
    maxLength: field(z.number().int().min(0).max(100_000).default(0), "Longest list", {
      description: "The oldest entries are left out beyond it; 0 for no limit.",
      showIf: { operation: ["append"] },
      advanced: true,
    }),
    prefix: field(z.string().default(""), "Keys that begin with", { showIf: { operation: ["list"] } }),
    fallback: field(z.unknown().optional(), "If there is none", {
      control: "json",
      description: "The value when nothing is kept under the key.",
      showIf: { operation: ["get"] },
    }),
    outputField: field(z.string().min(1).default("value"), "Put the value in", {
      description: "Field of the item that takes the value.",
      showIf: { operation: ["get", "set", "increment", "append"] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: ({ operation }: JsonObject): Effect => (READING.has(operation) ? "read" : "write"),
  sample: [{ value: 42 }],
});
