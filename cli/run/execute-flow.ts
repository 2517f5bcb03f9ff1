import type { FlowFile, GraphNode } from "@/flow/graph/schema";
import { indexGraph } from "@/flow/graph/traverse";
import { type MemoryStep, runOnMemoryHost } from "@/flow/interpreter/memory-host";
import { prepareGraph } from "@/flow/interpreter/prepare";
import type { Item, Outputs } from "@/flow/item";
import type { Environment } from "@/server/env";
import { startItems } from "@/server/services/executions/items";
import { assertRunnable } from "@/server/services/flows/check-graph";
import { registry } from "@/server/services/registry";
import { CommandError } from "../failure";
import { appUrl } from "../settings";
import { memoryFlows } from "./memory-flows";
import type { MemoryServices } from "./memory-services";

/** What `tolstoy run` prints for a file. */
export interface RunReport {
  file: string;
  status: "succeeded" | "failed" | "waiting" | "cancelled";
  error: { node: string | null; message: string } | null;
  steps: {
    /** Name. */
    node: string;
    /** 0-based visit of the node. */
    run: number;
    status: string;
    /** By output handle, in the definition's order. */
    outputs: Outputs;
    error?: { name: string; message: string };
  }[];
}

export interface RunOptions {
  /** What the trigger gives; by default what a manual start gives. */
  items: Item[] | null;
  services: MemoryServices;
  settings: Environment;
  signal: AbortSignal;
  /** Starts it whatever is wrong with its nodes: each fails when it is reached. */
  unchecked?: boolean;
}

/** Executes a flow in memory. Rejects only for a fault of ours; what is wrong with the flow is in the report. */
export async function executeFlow(file: string, flow: FlowFile, options: RunOptions): Promise<RunReport> {
  const { settings } = options;
  const trigger = entryNode(flow);
  const index = indexGraph(flow.graph);
  if (!options.unchecked) assertRunnable(flow.graph, (nodeId) => nodeId === trigger.id || index.reaches(trigger.id, nodeId));
  const id = `exec_${crypto.randomUUID()}`;
  const run = await runOnMemoryHost(
    {
      graph: prepareGraph(flow.graph, registry),
      registry,
      services: {
        ...options.services,
        storage: options.services.storageOf(file),
        flows: memoryFlows({ file, graph: flow.graph, depth: 0 }, { ...options, maxVisits: settings.MAX_VISITS }),
      },
      info: { id, mode: "manual", flowId: file, flowName: flow.name, organizationId: "", resumeUrl: "" },
      trigger: {
        nodeId: trigger.id,
        items: options.items ?? trigger.pinned ?? startItems({ node: trigger, definition: registry.definition(trigger.type) }, {}),
      },
      variables: flow.graph.variables,
      lineage: id,
      maxVisits: flow.graph.settings.maxVisits ?? settings.MAX_VISITS,
      timezone: flow.graph.settings.timezone ?? "UTC",
      env: visibleEnvironment(settings),
    },
    { signal: options.signal },
  );
  const names = new Map(flow.graph.nodes.map((node) => [node.id, node.name]));
  return {
    file,
    status: run.status,
    error: run.error && { node: run.error.nodeName, message: run.error.message },
    steps: run.steps.map((step) => describeStep(step, names.get(step.nodeId) ?? step.nodeId)),
  };
}

const triggerOrder = ["manual", "webhook", "form", "chat", "schedule", "poll", "event", "flow", "error"];

/**
 * Where a run by hand starts: at the manual trigger, else at the first other one, else at a node that nothing leads to and that
 * pinned data stands in for: an imported trigger without a counterpart.
 */
function entryNode({ graph }: FlowFile): GraphNode {
  const rank = (node: GraphNode) => triggerOrder.indexOf(registry.definition(node.type)?.trigger ?? "");
  const entries = graph.nodes.filter((node) => !node.disabled && rank(node) >= 0);
  const isEntry = (node: GraphNode) => node.pinned && !node.disabled && !graph.edges.some((edge) => edge.target === node.id);
  const first = entries.sort((one, other) => rank(one) - rank(other))[0] ?? graph.nodes.find(isEntry);
  if (!first) {
    const unknown = graph.nodes.find((node) => !registry.definition(node.type));
    const waiting = graph.nodes.find((node) => node.type === "n8n-placeholder" && !graph.edges.some((edge) => edge.target === node.id));
    if (waiting) {
      throw new CommandError(
        `Its trigger "${waiting.name}" has no counterpart here: add a Manual Trigger, or pin data in its place, to run it by hand.`,
      );
    }
    throw new CommandError(
      unknown
        ? `Node "${unknown.name}" has the type "${unknown.type}", which this installation does not know.`
        : "The flow has no trigger to start at: add a Manual Trigger.",
    );
  }
  return first;
}

const describeStep = (step: MemoryStep, node: string): RunReport["steps"][number] => ({
  node,
  run: step.runIndex,
  status: step.status,
  outputs: step.outputs.map((items) => items.map(({ json, binary, pairedItem }) => ({ json, binary, pairedItem }))) as Outputs,
  ...(step.error && { error: { ...step.error } }),
});

function visibleEnvironment(settings: Environment): Record<string, string> {
  const allowed = settings.EXPRESSION_ENV_ALLOWLIST.map((name) => [name, process.env[name]]);
  return Object.fromEntries([["APP_URL", new URL(appUrl(settings)).origin], ...allowed.filter(([, value]) => value !== undefined)]);
}
