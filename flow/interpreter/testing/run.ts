import type { ExecutionMode } from "../../execution/status";
import type { FrozenGraph } from "../../graph/schema";
import type { Item, JsonObject } from "../../item";
import type { NodeServices } from "../execute-visit";
import type { InterpretInput } from "../interpret";
import { type MemoryHostOptions, type MemoryRun, runOnMemoryHost } from "../memory-host";
import { prepareGraph } from "../prepare";
import { testRegistry } from "./registry";

const refuse = () => {
  throw new Error("no test node goes outside");
};

/** For nodes that touch nothing. */
export const noServices: NodeServices = {
  http: { request: refuse },
  sandbox: { run: refuse },
  storage: () => ({ get: refuse, set: refuse, delete: refuse, list: refuse, update: refuse, staticData: { read: refuse, write: refuse } }),
  checkHost: refuse,
  connect: refuse,
  readBinary: refuse,
  writeBinary: refuse,
  log: () => {},
};

/** Runs a sketch on the memory host from its node `Start`. */
export function runSketch(
  graph: FrozenGraph,
  items: JsonObject[] = [{}],
  options: MemoryHostOptions & {
    maxVisits?: number;
    mode?: ExecutionMode;
    earlierOutputs?: InterpretInput["earlierOutputs"];
    resumption?: InterpretInput["resumption"];
  } = {},
): Promise<MemoryRun> {
  return runOnMemoryHost(
    {
      graph: prepareGraph(graph, testRegistry),
      registry: testRegistry,
      services: noServices,
      info: {
        id: "exec_test",
        mode: options.mode ?? "manual",
        flowId: "flow",
        flowName: "Test",
        organizationId: "org",
        resumeUrl: "http://localhost/resume",
      },
      trigger: { nodeId: "Start", items: items.map((json): Item => ({ json })) },
      variables: graph.variables,
      lineage: "exec_test",
      maxVisits: options.maxVisits ?? 1000,
      timezone: "UTC",
      ...(options.earlierOutputs && { earlierOutputs: options.earlierOutputs }),
      ...(options.resumption && { resumption: options.resumption }),
    },
    options,
  );
}

/** First output of a visit, as bare JSON. */
export const outputOf = (run: MemoryRun, key: string, output = 0): JsonObject[] =>
  run.steps.find((step) => step.key === key)?.outputs[output]?.map((item) => item.json) ?? [];
