import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const limit = defineNode({
  type: "limit",
  version: 1,
  name: "Limit",
  description: "Keeps the first or last items.",
  category: "data",
  icon: "list-end",
  parameters: z.object({
    maxItems: field(z.number().int().min(1).default(1), "Max items"),
    keep: field(z.enum(["first", "last"]).default("first"), "Keep", { labels: { first: "First items", last: "Last items" } }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
