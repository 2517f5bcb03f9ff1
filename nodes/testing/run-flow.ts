import type { InterpretInput } from "@/flow/interpreter/interpret";
import { type MemoryHostOptions, type MemoryRun, runOnMemoryHost } from "@/flow/interpreter/memory-host";
import { type PreparedGraph, prepareGraph } from "@/flow/interpreter/prepare";
import { sketch } from "@/flow/interpreter/testing/registry";
import type { Item, JsonObject } from "@/flow/item";
import { createMemoryStorage } from "@/flow/node/memory-storage";
import { nodeRegistry } from "../registry";

const refuse = () => {
  throw new Error("No node of this test goes outside");
};

/** What an execution of a graph is made of, but for its host. */
export const inputFor = (graph: PreparedGraph, items: readonly JsonObject[], maxVisits = 1000): Omit<InterpretInput, "host"> => ({
  graph,
  registry: nodeRegistry,
  services: {
    http: { request: refuse },
    sandbox: { run: refuse },
    storage: createMemoryStorage().of,
    checkHost: refuse,
    connect: refuse,
    readBinary: refuse,
    writeBinary: refuse,
    log: () => {},
  },
  info: {
    id: "exec_test",
    mode: "manual",
    flowId: "flow",
    flowName: "Test",
    organizationId: "org",
    resumeUrl: "http://localhost/resume",
  },
  trigger: { nodeId: "Start", items: items.map((json): Item => ({ json })) },
  variables: {},
  lineage: "exec_test",
  maxVisits,
  timezone: "UTC",
});

/** Runs a flow of real nodes, drawn as `sketch` takes it, on the memory host from its node `Start`. */
export function runFlow(
  nodes: Parameters<typeof sketch>[0],
  edges: string[],
  items: JsonObject[] = [{}],
  { maxVisits, ...options }: MemoryHostOptions & { maxVisits?: number } = {},
): Promise<MemoryRun> {
  const graph = sketch({ Start: { type: "manual-trigger" }, ...nodes }, edges);
  return runOnMemoryHost(inputFor(prepareGraph(graph, nodeRegistry), items, maxVisits), options);
}

/** A node that adds fields to each item; values may be expressions. */
export const adding = (values: Record<string, string>, at: [number, number], type = "string") => ({
  type: "set",
  at,
  parameters: { include: "all", fields: Object.entries(values).map(([name, value]) => ({ name, type, value })) },
});

/** What a visit gave out of an output, as bare JSON; undefined when it did not take place. */
export const given = (run: MemoryRun, key: string, output = 0): JsonObject[] | undefined => {
  const step = run.steps.find((each) => each.key === key);
  return step && (step.outputs[output] ?? []).map((item) => item.json);
};
