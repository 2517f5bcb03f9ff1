import type { StepError } from "@/flow/execution/errors";
import type { ExecutionHead } from "@/flow/execution/events";
import type { StepStatus } from "@/flow/execution/status";
import type { FrozenGraph } from "@/flow/graph/schema";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { LogLevel, Suspension } from "@/flow/node/context";

/** An execution as lists show it. Instants are ISO 8601. */
export interface ExecutionSummary extends Omit<ExecutionHead, "seq"> {
  flowName: string;
  /** The execution that this one retries. */
  retryOfId: string | null;
}

/** What an execution runs on. */
export interface ExecutionGraph {
  executionId: string;
  flowId: string;
  flowName: string;
  /** Null for a run of the draft. */
  flowVersion: number | null;
  /** The flow still exists. */
  flowExists: boolean;
  /** Frozen: what the flow was when the execution started; `partial` where a single node was tested. */
  graph: FrozenGraph;
}

/** One page of a list of items. */
export interface ItemPage {
  total: number;
  /** Index of the first item here. */
  offset: number;
  items: Item[];
}

export interface StepInput extends ItemPage {
  /** Name of the input handle. */
  handle: string;
  /** Where the items came from; several when several edges feed the handle in one visit. */
  sources: { nodeId: string; nodeName: string; key: string; output: number }[];
}

export interface StepOutputPage extends ItemPage {
  /** Name of the output handle. */
  handle: string;
}

/** Everything about one visit of a node. */
export interface StepDetail {
  key: string;
  nodeId: string;
  nodeName: string;
  nodeType: string;
  runIndex: number;
  /** The attempt that this is about. */
  attempt: number;
  /** All attempts so far, oldest first. */
  attempts: { attempt: number; status: StepStatus; error: StepError | null; startedAt: string | null; finishedAt: string | null }[];
  status: StepStatus;
  inputs: StepInput[];
  /** As the node was configured, expressions unresolved. */
  parameters: JsonObject;
  /** With expressions resolved for the first item; an expression that fails has its message instead of a value. */
  resolved: { values: JsonObject; errors: { field: string; message: string }[] } | null;
  outputs: StepOutputPage[];
  error: StepError | null;
  /** The node did not run: `pinned` items stood in for it, or what it gave in an `earlier` execution. */
  given: "pinned" | "earlier" | null;
  /** What the step waits, or waited, for. */
  suspend: Suspension | null;
  /** Where the page that it waits for can be filled in; null for other waits, and for those who may not. */
  formUrl: string | null;
  /** What came at the end of the wait. */
  resumedWith: Json;
  logs: { id: string; level: LogLevel; message: string; data: Json; at: string }[];
  startedAt: string | null;
  finishedAt: string | null;
  wakeAt: string | null;
  /** Milliseconds from start to finish of this attempt. */
  durationMs: number | null;
}
