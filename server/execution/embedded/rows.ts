import type { StepError } from "@/flow/execution/errors";
import type { ExecutionMode, ExecutionStatus, StepStatus } from "@/flow/execution/status";
import type { StepKey } from "@/flow/interpreter/host";
import type { Item, JsonObject } from "@/flow/item";
import type { WebhookResponse } from "@/flow/node/context";
import type { Effect } from "@/flow/node/define-node";
import type { ClaimedExecution, NewExecution } from "../engine";
import type { ExecutionPolicy } from "../policies";

/** An arrival and the execution that it starts. */
export interface StartRow {
  execution: NewExecution;
  /** JSON texts. */
  draftGraph: string | null;
  input: string | null;
  inputPayloadId: string | null;
  variables: string | null;
  /** What its flow says of it: nothing that puts it off. */
  policy: ExecutionPolicy | null;
  /** The run has begun in memory already, or does with the answer, at `at`; it is recorded as running when there is room. */
  eager: boolean;
  /** Null: the database's clock. */
  at: Date | null;
}

/** One record of the journal. */
export interface StepRow {
  seq: number;
  key: StepKey;
  nodeId: string;
  runIndex: number;
  attempt: number;
  status: StepStatus;
  effect: Effect;
  counts: number[] | null;
  /** JSON text, as is `output`. */
  sources: string | null;
  output: string | null;
  payloadId: string | null;
  error: StepError | null;
  wakeAt: Date | null;
  startedAt: Date;
  finishedAt: Date | null;
  /** What of the output answers the request that started the execution; kept beside it for whoever waits. */
  response: WebhookResponse | null;
}

export interface PayloadRow {
  id: string;
  /** False for the execution's input, which belongs to it however its start goes. */
  ofStep: boolean;
  bytes: Buffer;
}

/** A worker lets go of an execution. */
export interface EndRow {
  status: "succeeded" | "failed" | "cancelled" | "timed_out" | "waiting" | "queued";
  claimNo: number;
  /** Last position of the journal's records; a terminal change takes the next one. */
  seq: number;
  /** JSON text. */
  error: string | null;
  lastKey: StepKey | null;
  wakeAt: Date | null;
  /** Wake-ups that the run knew of. */
  wakeSeq: number;
  /** When the worker let go; kept where the status is terminal. */
  finishedAt: Date;
  /** It may have left wait rows. */
  waited: boolean;
}

/** Everything that one execution adds to one group commit. An empty one only asks whether this worker still counts. */
export interface Entry {
  readonly owner: EntryOwner;
  readonly executionId: string;
  readonly organizationId: string;
  start: StartRow | null;
  steps: StepRow[];
  payloads: PayloadRow[];
  end: EndRow | null;
}

export interface EntryOwner {
  readonly executionId: string;
  readonly organizationId: string;
  /** Called once for each of its entries, in order. */
  settled(entry: Entry, result: EntryResult): void;
}

export type EntryResult =
  | { kind: "durable"; start: StartVerdict | null; end: EndVerdict | null }
  /** This worker had been taken for dead: nothing of the entry was written. */
  | { kind: "lost" }
  /** The database refuses this entry for good. */
  | { kind: "refused"; error: unknown };

export type StartVerdict = { kind: "admitted" } | { kind: "queued" } | { kind: "duplicate"; of: string };

/** How the database has the execution after the worker let go: a cancel or an event may have come in between. */
export interface EndVerdict {
  status: ExecutionStatus;
  seq: number;
}

/** An execution that was claimed, as the row has it. Times in milliseconds. */
export interface ClaimRow {
  id: string;
  /** What its flow's policies say of it, as JSON: `{ gate, deadline }`, the latter in milliseconds; `running` where they say nothing. */
  status: string;
  at: number;
  organization_id: string;
  flow_id: string;
  flow_version: number | null;
  draft_graph: string | null;
  mode: string;
  trigger_node_id: string;
  input: string | null;
  input_payload_id: string | null;
  variables: string | null;
  claim_no: number;
  wake_seq: number;
  cancel_requested: boolean;
  queued_at: number;
  started_at: number;
}

export const isOver = (status: EndRow["status"]): status is "succeeded" | "failed" | "cancelled" | "timed_out" =>
  status !== "waiting" && status !== "queued";

export const claimedExecution = (row: ClaimRow): ClaimedExecution => ({
  id: row.id,
  organizationId: row.organization_id,
  flowId: row.flow_id,
  flowVersion: row.flow_version,
  draftGraph: row.draft_graph,
  mode: row.mode as ExecutionMode,
  triggerNodeId: row.trigger_node_id,
  items: row.input === null ? [] : (JSON.parse(row.input) as Item[]),
  variables: row.variables === null ? {} : (JSON.parse(row.variables) as JsonObject),
});
