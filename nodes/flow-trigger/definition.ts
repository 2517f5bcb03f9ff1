import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

export const flowTrigger = defineNode({
  type: "flow-trigger",
  version: 1,
  name: "When Run by Another Flow",
  description: "Starts the flow when an Execute Flow node of another flow runs it.",
  category: "trigger",
  icon: "corner-down-right",
  parameters: z.object({
    accepts: field(z.enum(["all", "fields", "example"]).default("all"), "Accepts", {
      labels: { all: "All data", fields: "Defined fields", example: "Fields of a JSON example" },
    }),
    fields: field(
      z
        .array(
          z.object({
            name: field(z.string().max(200).default(""), "Name"),
            type: field(z.enum(["any", "string", "number", "boolean", "array", "object"]).default("any"), "Type", {
              labels: { any: "Any", string: "Text", number: "Number", boolean: "Yes or no", array: "List", object: "Object" },
            }),
          }),
        )
        .default([]),
      "Fields",
      { description: "Others are left out, and one that is not given is null.", showIf: { accepts: ["fields"] } },
    ),
    example: field(z.unknown().default('{\n  "name": "Ada",\n  "count": 1\n}'), "Example", {
      description: "Its fields, with the types of their values.",
      control: "json",
      showIf: { accepts: ["example"] },
    }),
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "flow",
  sample: [{}],
});
