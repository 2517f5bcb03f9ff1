import type { ExecutionStatus } from "@/flow/execution/status";
import type { Graph } from "@/flow/graph/schema";
import type { TriggerKind } from "@/flow/node/define-node";
import type { PollStatus } from "../triggers/poll-status";
import type { ScheduleStatus } from "../triggers/schedule-status";

/** A flow as lists show it. Instants are ISO 8601. */
export interface FlowSummary {
  id: string;
  name: string;
  description: string | null;
  /** Its triggers fire. */
  active: boolean;
  /** Null before the first publish. */
  publishedVersion: number | null;
  createdAt: string;
  updatedAt: string;
  lastExecution: { id: string; status: ExecutionStatus; createdAt: string; finishedAt: string | null } | null;
  /** A polling trigger or a schedule that keeps failing while the flow is on; null when there is none. */
  triggerFailure: {
    nodeId: string;
    /** Why the last poll, or start, failed; at most 300 characters. */
    error: string;
    /** When the first of the failures was. */
    failingSince: string | null;
  } | null;
}

/** The registration of a trigger node. */
export interface FlowTrigger {
  id: string;
  nodeId: string;
  type: TriggerKind;
  /** Where a webhook trigger answers once the flow is published and active. */
  url: string | null;
  /** Where a webhook is tried out: the last ten calls are kept for the editor. */
  testUrl: string | null;
  /** What callers of a webhook prove themselves with is set. It is never shown. */
  hasSecret: boolean;
  /** The published version has it and the flow is active: it fires. */
  active: boolean;
  /** Next slot of a schedule, also one that is due and could not be started, or next poll. */
  nextAt: string | null;
  /** Where a polling trigger stands; null for others, and before it was published. */
  poll: PollStatus | null;
  /** Where a schedule stands; null for others. */
  schedule: ScheduleStatus | null;
}

export interface FlowDetail extends Omit<FlowSummary, "lastExecution" | "triggerFailure"> {
  graph: Graph;
  /** Give it back with the next save. */
  revision: number;
  /** The draft differs from the published version, or nothing is published yet. */
  hasUnpublishedChanges: boolean;
  triggers: FlowTrigger[];
}
