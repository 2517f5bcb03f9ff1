import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type HandleSpec } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const MAX_PORTS = 50;

export const n8nPlaceholder = defineNode({
  type: "n8n-placeholder",
  version: 1,
  name: "Placeholder",
  description:
    "Stands for a node of an imported n8n workflow that has no counterpart. Put another node in its place, or disable it to pass items through.",
  category: "flow",
  icon: "plug",
  parameters: z.object({
    reason: field(z.string().default(""), "Why", { control: "textarea", expression: false }),
    original: field(z.record(z.string(), z.json()).default({}), "Original node", {
      description: "As n8n exported it.",
      control: "json",
      expression: false,
    }),
    inputs: field(z.number().int().min(0).max(MAX_PORTS).default(1), "Inputs", { control: "hidden", expression: false }),
    outputs: field(z.number().int().min(0).max(MAX_PORTS).default(1), "Outputs", { control: "hidden", expression: false }),
  }),
  inputs: ({ inputs }) => ports(inputs),
  outputs: ({ outputs }) => ports(outputs),
  effect: "pure",
  hidden: true,
});

/** `main` for a single one, else `port1`, `port2`, … */
function ports(given: JsonObject[string] | undefined): HandleSpec[] {
  const count = typeof given === "number" ? Math.min(MAX_PORTS, Math.max(0, Math.floor(given))) : 1;
  if (count === 1) return [{ name: "main" }];
  return Array.from({ length: count }, (_, index) => ({ name: `port${index + 1}`, label: String(index) }));
}
