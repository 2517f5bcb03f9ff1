import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const waits = { waits: [true] };

export const executeFlow = defineNode({
  type: "execute-flow",
  version: 1,
  name: "Execute Flow",
  description: "Runs another flow as a step of this one, and goes on with what its last node gave.",
  category: "flow",
  icon: "workflow",
  parameters: z.object({
    source: field(z.enum(["flow", "json"]).default("flow"), "Source", {
      labels: { flow: "A flow of this organization", json: "A flow given as JSON" },
    }),
    flowId: field(z.string().max(200).default(""), "Flow", {
      description: "It starts at its trigger “When run by another flow”. An expression gives its id.",
      control: "flow",
      required: true,
      showIf: { source: ["flow"] },
    }),
    flowJson: field(z.unknown().default("{}"), "Flow as JSON", {
      description: "A flow as it is exported, or its graph.",
      control: "json",
      showIf: { source: ["json"] },
    }),
    mode: field(z.enum(["once", "each"]).default("once"), "Run", {
      labels: { once: "Once with all items", each: "Once for each item" },
    }),
    inputs: field(z.enum(["items", "fields"]).default("items"), "Give it", {
      labels: { items: "The items as they are", fields: "Fields of its own" },
    }),
    fields: field(z.array(z.object({ name: z.string().default(""), value: z.unknown().default("") })).default([]), "Fields", {
      control: "keyvalue",
      showIf: { inputs: ["fields"] },
    }),
    waits: field(z.boolean().default(true), "Wait until it has ended", {
      description: "Otherwise the items pass on, and the other flow runs beside this one.",
    }),
    parallel: field(z.number().int().min(1).max(100).default(10), "At the same time", {
      description: "How many of its executions run beside each other; 1 keeps the items' order.",
      advanced: true,
      showIf: { mode: ["each"], ...waits },
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "write",
});
