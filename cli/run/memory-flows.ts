import { readFileSync } from "node:fs";
import path from "node:path";
import { FatalError } from "@/flow/execution/errors";
import type { Graph } from "@/flow/graph/schema";
import type { NodeServices } from "@/flow/interpreter/execute-visit";
import { runOnMemoryHost } from "@/flow/interpreter/memory-host";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { inlineGraph } from "@/flow/n8n/inline-graph";
import type { FlowCall, FlowOutcome, FlowStarter } from "@/flow/node/context";
import { entryOf } from "@/server/execution/sub-flows/callee";
import { MOST_NESTED } from "@/server/execution/sub-flows/starter";
import { registry } from "@/server/services/registry";
import type { MemoryServices } from "./memory-services";

interface Parent {
  file: string;
  graph: Graph;
  depth: number;
}

/** Starts other flows in this process: those given as JSON, the flow itself, and files beside it by their names. */
export function memoryFlows(
  parent: Parent,
  options: { services: MemoryServices; maxVisits: number; signal: AbortSignal },
): NonNullable<NodeServices["flows"]> {
  const outcomes = new Map<string, Promise<FlowOutcome | null>>();

  const run = async (file: string, graph: Graph, items: FlowCall["items"], id: string): Promise<FlowOutcome | null> => {
    const depth = parent.depth + 1;
    const trigger = entryOf(graph, registry, file);
    const result = await runOnMemoryHost(
      {
        graph: prepareGraph(graph, registry),
        registry,
        services: { ...options.services, storage: options.services.storageOf(file), flows: memoryFlows({ file, graph, depth }, options) },
        info: { id, mode: "flow", flowId: file, flowName: file, organizationId: "", resumeUrl: "" },
        trigger: { nodeId: trigger.id, items },
        variables: graph.variables,
        lineage: id,
        maxVisits: graph.settings.maxVisits ?? options.maxVisits,
        timezone: graph.settings.timezone ?? "UTC",
      },
      { signal: options.signal },
    );
    if (result.status === "waiting") return null;
    if (result.status === "succeeded") {
      const last = result.steps.find(({ key }) => key === result.lastKey);
      return { status: "succeeded", items: last?.outputs[0] ?? [], error: null };
    }
    return {
      status: result.status,
      items: [],
      error: { name: "SubFlowError", message: result.error?.message ?? "The execution was cancelled" },
    };
  };

  return ({ key, attempt }): FlowStarter => ({
    async start({ flow, items, index }) {
      const executionId = `${key}/${attempt}/${index}`;
      if (!outcomes.has(executionId)) {
        if (parent.depth >= MOST_NESTED) {
          throw new FatalError(`Flows may run each other ${MOST_NESTED} levels deep, and this call is one more`);
        }
        const [file, graph] = "graph" in flow ? [parent.file, inlineGraph(flow.graph)] : readCallee(parent, flow.id);
        const given = items.map(({ json, binary }) => ({ json, ...(binary && { binary }) }));
        outcomes.set(executionId, run(file, graph, given, executionId));
      }
      return { executionId };
    },
    outcome: (executionId) => outcomes.get(executionId) ?? Promise.resolve(null),
  });
}

function readCallee(parent: Parent, id: string): [string, Graph] {
  if (id === parent.file) return [parent.file, parent.graph];
  // Only names: a flow's id must not lead out of its folder.
  if (!/^[\w.-]+$/.test(id)) throw new FatalError(`There is no flow "${id}" here`);
  const file = path.join(path.dirname(parent.file), id.endsWith(".json") ? id : `${id}.json`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new FatalError(`There is no flow "${id}" here: put it into the file ${file} to run it from the command line`, { cause });
  }
  return [file, inlineGraph(JSON.parse(text))];
}
