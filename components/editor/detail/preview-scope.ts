import type { ExpressionScope, NodeData } from "@/flow/expression/scope";
import type { Graph, GraphNode } from "@/flow/graph/schema";
import { connectingOutput, indexGraph } from "@/flow/graph/traverse";
import { stepKey } from "@/flow/interpreter/host";
import { ancestorItem } from "@/flow/interpreter/lineage";
import { ROOT_PATH } from "@/flow/interpreter/path";
import type { Visit } from "@/flow/interpreter/plan";
import type { Item, JsonObject, Outputs } from "@/flow/item";
import type { StepDetail } from "./use-step";

export interface PreviewSource {
  graph: Graph;
  node: GraphNode;
  flow: { id: string; name: string; active: boolean };
  executionId: string | null;
  /** Items by input handle, and where the first ones came from. */
  inputs: readonly (readonly Item[])[];
  sources: readonly ({ key: string; output: number } | null)[];
  runIndex: number;
  /** Loaded visits, by key. */
  steps: ReadonlyMap<string, StepDetail>;
  now: number;
}

/** What expressions of a node would read if it ran now, on the data of the execution that is shown. */
export function previewScope({ graph, node, flow, executionId, inputs, sources, runIndex, steps, now }: PreviewSource): ExpressionScope {
  const index = indexGraph(graph);
  const latest = new Map<string, StepDetail>();
  for (const step of steps.values()) {
    const known = latest.get(step.nodeId);
    if (!known || step.runIndex > known.runIndex) latest.set(step.nodeId, step);
  }
  const outputsOf = (step: StepDetail | undefined): Outputs => step?.outputs.map((output) => output.items) ?? [];
  const namesOf = (step: StepDetail): string[] => step.outputs.map((output) => output.handle);
  const visitOf = (step: StepDetail): Visit => toVisit(index.byId.get(step.nodeId), step);
  const history = {
    visit: (key: string): Visit => {
      const step = steps.get(key);
      if (!step) throw new Error(`The data of ${key} is not loaded`);
      return visitOf(step);
    },
    outputs: (key: string): Outputs => outputsOf(steps.get(key)),
  };
  const here: Visit = { key: stepKey(node.id, runIndex), node, runIndex, sources, path: ROOT_PATH, state: "running", counts: [] };
  const nodeData = (name: string): NodeData | undefined => {
    const target = index.byName.get(name);
    if (!target) return undefined;
    const step = latest.get(target.id);
    return {
      items: (output) => (step ? (outputsOf(step)[output ?? connectingOutput(index, target.id, node.id, namesOf(step))] ?? []) : undefined),
      pairedItem: (itemIndex) => ancestorItem(history, here, 0, itemIndex, target),
      parameters: target.parameters,
      isExecuted: step !== undefined,
      runs: step ? step.runIndex + 1 : 0,
    };
  };
  const first = sources.find((source) => source !== null);
  const previous = first ? steps.get(first.key) : undefined;
  const trigger = [...steps.values()].find((step) => step.inputs.length === 0);
  return {
    items: inputs[0] ?? [],
    inputs,
    runIndex,
    node: nodeData,
    nodeNames: graph.nodes.map((each) => each.name),
    previousNode: first && previous ? { name: previous.nodeName, outputIndex: first.output, runIndex: previous.runIndex } : null,
    parameters: node.parameters,
    variables: graph.variables,
    workflow: flow,
    execution: { id: executionId ?? "", mode: "test", resumeUrl: "" },
    env: {},
    vars: {},
    trigger: (outputsOf(trigger)[0]?.[0]?.json ?? {}) as JsonObject,
    now,
    timezone: graph.settings.timezone ?? "UTC",
  };
}

function toVisit(node: GraphNode | undefined, step: StepDetail): Visit {
  return {
    key: step.key,
    // The graph on the screen may have lost the node since.
    node: node ?? { id: step.nodeId, name: step.nodeName, type: step.nodeType, version: 1, position: { x: 0, y: 0 }, parameters: {} },
    runIndex: step.runIndex,
    sources: step.inputs.map((input) => input.sources[0] ?? null),
    path: ROOT_PATH,
    state: "done",
    counts: step.outputs.map((output) => output.total),
  };
}
