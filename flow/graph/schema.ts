import { z } from "zod";
import { jsonObjectSchema } from "../json-schema";

/** How often and how long apart a failing node is tried again. `maxAttempts` counts the first try. */
export const retryPolicySchema = z.object({
  maxAttempts: z.number().int().min(1).max(20).default(1),
  /** Milliseconds before the second attempt. */
  waitMs: z.number().int().min(0).max(86_400_000).default(1000),
  backoff: z.enum(["fixed", "exponential"]).default("fixed"),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

export const nodeSettingsSchema = z.object({
  /** Run the nodes after this one with one empty item when it gave none. */
  alwaysOutputData: z.boolean().optional(),
  /** Execute with the first input item only. */
  executeOnce: z.boolean().optional(),
  /** `stop` fails the execution; `continue` passes the error on as an item; `errorOutput` sends it out of the `error` handle. */
  onError: z.enum(["stop", "continue", "errorOutput"]).optional(),
  retry: retryPolicySchema.optional(),
  /**
   * What becomes of a write that cannot be repeated when its end is not known. `ask`: a person decides, also where no answer came
   * in time. `repeat`: it is tried again. Absent: a person decides after a crash, unless the node has a retry policy.
   */
  unclear: z.enum(["ask", "repeat"]).optional(),
});
export type NodeSettings = z.infer<typeof nodeSettingsSchema>;

/** An item that stands in for what a node would give. */
export const pinnedItemSchema = z.object({
  json: jsonObjectSchema,
  binary: z
    .record(
      z.string(),
      z.object({
        mimeType: z.string().max(200),
        fileName: z.string().max(500).optional(),
        fileExtension: z.string().max(50).optional(),
        fileSize: z.number().nonnegative().optional(),
        /** Base64. */
        data: z.string(),
      }),
    )
    .optional(),
});

/** Bytes of JSON that a person may pin to a node: a flow is loaded and saved whole. */
export const MAX_PINNED_BYTES = 1024 * 1024;

/** An account that a node uses, by the name that people know it by. The secret is kept elsewhere. */
const credentialReferenceSchema = z.object({ id: z.string().max(200).optional(), name: z.string().max(200).optional() });

export const graphNodeSchema = z.object({
  id: z.string().min(1).max(100),
  /** Unique in the graph: expressions refer to nodes by name. */
  name: z.string().min(1).max(200),
  type: z.string().min(1).max(100),
  /** Version of the parameters' shape, see `NodeDefinition.version`. */
  version: z.number().int().positive().default(1),
  position: z.object({ x: z.number(), y: z.number() }),
  parameters: jsonObjectSchema.default({}),
  settings: nodeSettingsSchema.optional(),
  disabled: z.boolean().optional(),
  notes: z.string().max(10_000).optional(),
  /** Items of the first output that a manual run takes instead of executing the node. */
  pinned: z.array(pinnedItemSchema).max(10_000).optional(),
  /** By name of the node's credential slot; by n8n's type of credential where an import left one that is not connected yet. */
  credentials: z.record(z.string().max(100), credentialReferenceSchema).optional(),
  /**
   * Where expressions of an imported flow read parameters of nodes (`$parameter`, `$('Name').params`, `$nodeVersion`): what the node
   * had there, under the names that they know. Gone once somebody edits the node's parameters.
   */
  imported: z.object({ version: z.number(), parameters: jsonObjectSchema }).optional(),
});
export type PinnedItem = z.infer<typeof pinnedItemSchema>;
export type GraphNode = z.infer<typeof graphNodeSchema>;

export const graphEdgeSchema = z.object({
  id: z.string().min(1).max(200),
  source: z.string().min(1),
  sourceHandle: z.string().min(1).default("main"),
  target: z.string().min(1),
  targetHandle: z.string().min(1).default("main"),
});
export type GraphEdge = z.infer<typeof graphEdgeSchema>;

/** The longest time that an arrival is put off, a week. */
const MAX_DELAY_MS = 7 * 86_400_000;
/** Template over the item that starts an execution, e.g. `={{ $json.customerId }}`; equal values share a limit. */
const policyKeySchema = z.string().max(2000).optional();

/** How many executions of a flow may be under way at the same time. One that waits or is paused counts until it has ended. */
export const concurrencySchema = z.object({
  limit: z.number().int().min(1).max(10_000),
  /** The limit is for each value of it. */
  key: policyKeySchema,
  /** What becomes of one that finds no room: it waits for its turn, is not run, or ends the oldest ones that are under way. */
  overlap: z.enum(["queue", "skip", "cancelPrevious"]).default("queue"),
});
export type Concurrency = z.infer<typeof concurrencySchema>;

/** Of arrivals that follow each other within `ms` only the last one runs; none is put off for longer than `maxMs`. */
export const debounceSchema = z.object({
  ms: z.number().int().min(1).max(MAX_DELAY_MS),
  maxMs: z.number().int().min(1).max(MAX_DELAY_MS).optional(),
  key: policyKeySchema,
});
export type Debounce = z.infer<typeof debounceSchema>;

/** At most `limit` executions start in any stretch of `periodMs`; those beyond are put off. */
export const throttleSchema = z.object({
  limit: z.number().int().min(1).max(10_000),
  periodMs: z.number().int().min(1).max(MAX_DELAY_MS),
  key: policyKeySchema,
});
export type Throttle = z.infer<typeof throttleSchema>;

export const flowSettingsSchema = z.object({
  /** IANA zone of `$now`, `$today` and schedules. */
  timezone: z.string().max(64).optional(),
  /** Node visits after which an execution fails instead of looping for ever. */
  maxVisits: z.number().int().min(1).max(1_000_000).optional(),
  concurrency: concurrencySchema.optional(),
  debounce: debounceSchema.optional(),
  throttle: throttleSchema.optional(),
  /** Milliseconds after its start at which an execution ends as `timed_out`. Time that it was paused does not count. */
  timeoutMs: z
    .number()
    .int()
    .min(1)
    .max(366 * 86_400_000)
    .optional(),
  /** Among the organization's queued executions the higher goes first; 0 where it is not said. */
  priority: z.number().int().min(-100).max(100).optional(),
  /** Of nodes that do not say how they are tried again. */
  retryPolicy: retryPolicySchema.optional(),
  /** Id of the flow that is run when an execution of this one fails. */
  errorFlow: z.string().max(200).optional(),
  /** Which flows may run this one as a step of theirs: by default any of the organization. */
  callers: z
    .object({ policy: z.enum(["any", "none", "list"]).default("any"), flowIds: z.array(z.string().max(200)).max(200).default([]) })
    .optional(),
});
export type FlowSettings = z.infer<typeof flowSettingsSchema>;

/** What is drawn: node instances and the directed edges between their handles. */
export const graphSchema = z.object({
  nodes: z.array(graphNodeSchema).max(10_000),
  edges: z.array(graphEdgeSchema).max(50_000),
  settings: flowSettingsSchema.default({}),
  /** Flow-level constants, visible to expressions as `variables`. */
  variables: jsonObjectSchema.default({}),
});
export type Graph = z.infer<typeof graphSchema>;

/** Limits an execution to what one node of it needs. */
export const partialRunSchema = z.object({
  /** Id of the node that it is about; nothing after it runs. */
  destination: z.string().min(1).max(100),
  /** Nodes that do not run again: they give what they gave in an earlier execution of the flow. */
  reuse: z.object({ executionId: z.string().min(1), nodeIds: z.array(z.string()) }).optional(),
});
export type PartialRun = z.infer<typeof partialRunSchema>;

/** What an execution runs on: a graph as it was when it started, and how much of it is meant. */
export const frozenGraphSchema = graphSchema.extend({ partial: partialRunSchema.optional() });
export type FrozenGraph = z.infer<typeof frozenGraphSchema>;

/** A flow as a file: what `tolstoy run` reads, the API takes and export writes. */
export const flowFileSchema = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(2000).optional(),
  graph: graphSchema,
});
export type FlowFile = z.infer<typeof flowFileSchema>;
