import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { conditionsSchema } from "@/flow/node/conditions";
import { defineNode, type HandleSpec } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const MAX_OUTPUTS = 50;
const byRules = { mode: ["rules"] };

const ruleSchema = z.object({
  conditions: field(conditionsSchema.prefault({}), "Conditions", { control: "conditions" }),
  renameOutput: field(z.boolean().default(false), "Rename output"),
  outputName: field(z.string().max(100).default(""), "Output name", { expression: false, showIf: { renameOutput: [true] } }),
});

export const switchNode = defineNode({
  type: "switch",
  version: 1,
  name: "Switch",
  description: "Sends each item out of the output whose rule it meets.",
  category: "logic",
  icon: "signpost",
  parameters: z.object({
    mode: field(z.enum(["rules", "expression"]).default("rules"), "Mode", {
      labels: { rules: "Rules", expression: "Expression" },
      description: "Rules: a condition for each output. Expression: the output's number is computed.",
    }),
    rules: field(
      z
        .array(ruleSchema)
        .max(MAX_OUTPUTS)
        .default([ruleSchema.parse({})]),
      "Rules",
      { showIf: byRules },
    ),
    fallback: field(z.enum(["none", "extra", "output"]).default("none"), "When no rule is met", {
      labels: { none: "Drop the item", extra: "An extra output", output: "One of the outputs" },
      showIf: byRules,
    }),
    fallbackOutput: field(z.number().int().min(0).default(0), "Fallback output", {
      description: "0 is the first.",
      showIf: { mode: ["rules"], fallback: ["output"] },
    }),
    fallbackName: field(z.string().max(100).default("Fallback"), "Name of the extra output", {
      expression: false,
      showIf: { mode: ["rules"], fallback: ["extra"] },
    }),
    allMatching: field(z.boolean().default(false), "Send to all matching outputs", {
      description: "Off: only to the first.",
      showIf: byRules,
    }),
    numberOutputs: field(z.number().int().min(1).max(MAX_OUTPUTS).default(4), "Number of outputs", { showIf: { mode: ["expression"] } }),
    output: field(z.number().int().default(0), "Output", {
      description: "0 is the first.",
      placeholder: "={{ $json.kind === 'new' ? 0 : 1 }}",
      showIf: { mode: ["expression"] },
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: switchOutputs,
  effect: "pure",
});

/** Ports by raw parameters: `output1`, `output2`, … and `fallback`. */
function switchOutputs(parameters: JsonObject): HandleSpec[] {
  if (parameters.mode === "expression") {
    const wanted = typeof parameters.numberOutputs === "number" ? Math.floor(parameters.numberOutputs) : 4;
    const count = Math.min(MAX_OUTPUTS, Math.max(1, wanted));
    return Array.from({ length: count }, (_, index) => ({ name: `output${index + 1}`, label: String(index) }));
  }
  const rules = Array.isArray(parameters.rules) ? parameters.rules : [null];
  const outputs = rules.slice(0, MAX_OUTPUTS).map((rule, index): HandleSpec => {
    const { renameOutput, outputName } = (rule ?? {}) as JsonObject;
    const renamed = renameOutput === true && typeof outputName === "string" && outputName !== "";
    return { name: `output${index + 1}`, label: renamed ? outputName : String(index) };
  });
  if (parameters.fallback !== "extra") return outputs;
  const label = typeof parameters.fallbackName === "string" && parameters.fallbackName !== "" ? parameters.fallbackName : "Fallback";
  return [...outputs, { name: "fallback", label }];
}
