import type { ExecutionStatus } from "@/flow/execution/status";
import type { FlowSettings, Graph } from "@/flow/graph/schema";
import { sketch } from "@/flow/interpreter/testing/registry";
import type { Json, JsonObject } from "@/flow/item";
import type { ExecutionEngine, ExecutionOutcome, StartedExecution } from "../engine";
import type { World } from "./world";

/** What a host can do besides interpreting: behaviours that need more are left out of its suite. */
export type Ability =
  /** Keeps executions, so that they can be waited for, cancelled, paused. */
  | "durable"
  /** Reaches steps that run when their execution ends. */
  | "aborts"
  /** Holds flows and organizations to their limits, and lets higher priorities go first. */
  | "policies"
  /** Can lose a process in the middle. */
  | "crashes"
  /** Can be told to stop, as for an update, and go on in another process. */
  | "stops";

export interface StartOptions {
  /** What the trigger gives: `who` is part of what nodes note. */
  item?: JsonObject;
  dedupeKey?: string;
}

/** One record of a journal, with its times in milliseconds. */
export interface JournalLine {
  key: string;
  attempt: number;
  status: string;
  startedAt: number;
  finishedAt: number | null;
  /** JSON text. */
  error?: string | null;
  /** Items of the first output, where the step gave any. */
  items: JsonObject[];
}

/** A host under test. */
export interface Harness {
  readonly world: World;
  /** Absent where nothing is durable. */
  readonly engine?: ExecutionEngine;
  readonly organizationId: string;
  /** Makes a flow of a graph, or its next version. */
  publish(graph: Graph, flowId?: string): Promise<string>;
  /** Starts the published version. */
  start(flowId: string, options?: StartOptions): Promise<StartedExecution>;
  /** Resolves once the execution has ended. */
  outcome(executionId: string): Promise<ExecutionOutcome>;
  status(executionId: string): Promise<ExecutionStatus>;
  /** Executions of a flow, oldest first. */
  executionsOf?(flowId: string): Promise<string[]>;
  journal(executionId: string): Promise<JournalLine[]>;
  /** Says how many executions of the organization may run at the same time. */
  limitOrganization?(limit: number): Promise<void>;
  /** Executions that a process holds in memory. */
  inMemory(): Promise<number>;
  /** Ends the process that runs executions without any farewell, and starts another. */
  crash?(): Promise<void>;
  /** Begins to end the process as an update does. Resolves once it has ended in order, when another has taken its place. */
  restart?(): Promise<void>;
}

export interface Behaviour {
  name: string;
  needs?: readonly Ability[];
  /** Milliseconds that it may take on a busy machine; the suite's own where it says nothing. */
  timeoutMs?: number;
  run(at: Harness): Promise<void>;
}

/** Publishes a graph and starts it. */
export async function begin(at: Harness, graph: Graph, options: StartOptions = {}): Promise<string> {
  return (await at.start(await at.publish(graph), options)).executionId;
}

type Nodes = Parameters<typeof sketch>[0];

/** A graph from `Start` through the nodes in their order. */
export function chain(nodes: Nodes, settings: FlowSettings = {}): Graph {
  const names = ["Start", ...Object.keys(nodes)];
  const edges = names.slice(1).map((name, index) => `${names[index]} -> ${name}`);
  return { ...sketch({ Start: { type: "start" }, ...nodes }, edges), settings };
}

/** Asks until it holds; a failure says what was answered last. */
export async function until<T>(ask: () => Promise<T> | T, holds: (value: T) => boolean, withinMs = 20_000): Promise<T> {
  for (const end = Date.now() + withinMs; ; ) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`Still ${JSON.stringify(value)} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

export const becomes = (at: Harness, executionId: string, status: ExecutionStatus) =>
  until(
    () => at.status(executionId),
    (found) => found === status,
  );

/** Answers what a `wait` node waits for. */
export const answer = (at: Harness, executionId: string, node: string, payload: Json) =>
  at.engine!.signal({
    organizationId: at.organizationId,
    executionId,
    event: "resume",
    correlation: `${executionId}:${node}#0`,
    payload,
  });
