import { z } from "zod";
import { executionModeSchema, executionStatusSchema, stepStatusSchema } from "./status";

export const stepErrorSchema = z.object({
  name: z.string(),
  message: z.string(),
  field: z.string().optional(),
  itemIndex: z.number().optional(),
  hint: z.string().optional(),
  httpStatus: z.number().optional(),
});

/**
 * One record of the journal, without its payload: what history lists and live messages carry. Records are only ever
 * appended: a visit has one per attempt, and one more for each wait that began and ended.
 */
export const stepRecordSchema = z.object({
  /** Position in the execution's journal, 1-based, no gaps. */
  seq: z.number().int().positive(),
  /** `nodeId#runIndex`. */
  key: z.string(),
  nodeId: z.string(),
  runIndex: z.number().int().nonnegative(),
  /** 1-based. */
  attempt: z.number().int().positive(),
  status: stepStatusSchema,
  /** Items by output handle; null while there are none. */
  counts: z.array(z.number().int()).nullable(),
  error: stepErrorSchema.nullable(),
  /** ISO 8601. */
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** When a retry or a sleeping step goes on. */
  wakeAt: z.string().nullable(),
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

/** The execution's own line. */
export const executionHeadSchema = z.object({
  id: z.string(),
  flowId: z.string(),
  /** Null for a run of the draft. */
  flowVersion: z.number().int().nullable(),
  mode: executionModeSchema,
  status: executionStatusSchema,
  /** Last journal position; the change to a terminal status takes one of its own. */
  seq: z.number().int().nonnegative(),
  error: z.object({ nodeId: z.string().nullable(), nodeName: z.string().nullable(), message: z.string() }).nullable(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type ExecutionHead = z.infer<typeof executionHeadSchema>;

const hintSchema = z.object({
  type: z.literal("hint"),
  key: z.string(),
  nodeId: z.string(),
  runIndex: z.number().int().nonnegative(),
  attempt: z.number().int().positive(),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type Hint = z.infer<typeof hintSchema>;

/**
 * State of an execution at `seq`: what a page loads first and falls back to after a gap. `atWork` are the attempts that are
 * under way in the process that answers, for whoever comes after they began; like all hints they may be missing.
 */
export const executionSnapshotSchema = z.object({
  execution: executionHeadSchema,
  steps: z.array(stepRecordSchema),
  atWork: z.array(hintSchema).optional(),
});
export type ExecutionSnapshot = z.infer<typeof executionSnapshotSchema>;

/**
 * A live message. `step` and `execution` events are durable and carry their `seq`; a `hint` says what is about to be
 * true (a step has started) and may be lost without harm.
 */
export const liveEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("step"), seq: z.number().int().positive(), step: stepRecordSchema }),
  z.object({ type: z.literal("execution"), seq: z.number().int().nonnegative(), execution: executionHeadSchema }),
  hintSchema,
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;
