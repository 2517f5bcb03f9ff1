import { z } from "zod";

export const executionStatusSchema = z.enum(["queued", "running", "waiting", "paused", "succeeded", "failed", "cancelled", "timed_out"]);
export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

export const stepStatusSchema = z.enum(["queued", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"]);
export type StepStatus = z.infer<typeof stepStatusSchema>;

const TERMINAL_EXECUTION: ReadonlySet<ExecutionStatus> = new Set(["succeeded", "failed", "cancelled", "timed_out"]);
const TERMINAL_STEP: ReadonlySet<StepStatus> = new Set(["succeeded", "failed", "skipped", "cancelled"]);

/** A terminal status is never left. */
export const isTerminal = (status: ExecutionStatus): boolean => TERMINAL_EXECUTION.has(status);
export const isTerminalStep = (status: StepStatus): boolean => TERMINAL_STEP.has(status);

/** How an execution came to be; `manual` runs a draft from the editor, the others a published version. */
export const executionModeSchema = z.enum([
  "manual",
  "webhook",
  "schedule",
  "api",
  "event",
  "retry",
  "flow",
  "error",
  "form",
  "chat",
  "poll",
]);
export type ExecutionMode = z.infer<typeof executionModeSchema>;
