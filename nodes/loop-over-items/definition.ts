import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { loopContext } from "./loop-state";

export const loopOverItems = defineNode({
  type: "loop-over-items",
  version: 1,
  name: "Loop Over Items",
  description: "Hands items on in batches, one after the other, and all that came back once none is left.",
  category: "logic",
  icon: "repeat",
  parameters: z.object({
    batchSize: field(z.number().int().min(1).default(1), "Batch size", { description: "Items that go round at once." }),
    reset: field(z.boolean().default(false), "Reset", {
      description:
        "Begins again with the items that came in, in place of going on with those it has. An expression decides for each round, and must become false some time.",
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [
    { name: "done", label: "done" },
    { name: "loop", label: "loop" },
  ],
  effect: "pure",
  loops: { context: loopContext },
});
