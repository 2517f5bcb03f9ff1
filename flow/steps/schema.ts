import { z } from "zod";
import { jsonObjectSchema } from "../json-schema";

/** Types of steps, in the order in which they are told when another one is given. */
export const STEP_TYPES = [
  "sandbox_sync",
  "sandbox_async",
  "code_execution",
  "data_transform",
  "conditional",
  "http_request",
  "delay",
] as const;

export const stepSchema = z.object({
  /** What other steps read its output by. */
  id: z.string().min(1).max(200),
  type: z.enum(STEP_TYPES),
  name: z.string().max(200).optional(),
  config: jsonObjectSchema.default({}),
  /** JavaScript over `variables`, `stepOutputs` and `context`: the step is left out unless it holds. */
  executeIf: z.string().max(10_000).optional(),
  /** `false`: the flow goes on when the step has failed. Also read from `config`. */
  critical: z.boolean().optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** A flow as a list of steps that follow one another. */
export const stepsFlowSchema = z.object({
  name: z.string().min(1).max(200).optional(),
  description: z.string().max(2000).optional(),
  variables: jsonObjectSchema.default({}),
  steps: z.array(stepSchema).min(1).max(1000),
});
export type StepsFlow = z.infer<typeof stepsFlowSchema>;

/** Whether JSON means to be such a flow; whether it is one shows when it is read. */
export const isStepsFlow = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  "steps" in value &&
  Array.isArray(value.steps) &&
  !("graph" in value) &&
  !("nodes" in value);
