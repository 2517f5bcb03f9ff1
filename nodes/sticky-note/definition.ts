import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const stickyNote = defineNode({
  type: "sticky-note",
  version: 1,
  name: "Sticky Note",
  description: "A note on the canvas, for people. It is never executed.",
  category: "flow",
  icon: "sticky-note",
  parameters: z.object({
    content: field(z.string().max(50_000).default(""), "Text", { description: "Markdown.", control: "textarea", expression: false }),
    width: field(z.number().min(1).max(20_000).default(240), "Width", { control: "hidden", expression: false }),
    height: field(z.number().min(1).max(20_000).default(160), "Height", { control: "hidden", expression: false }),
    color: field(z.number().int().min(1).max(7).default(1), "Colour", { expression: false }),
  }),
  inputs: [],
  outputs: [],
  effect: "pure",
});
