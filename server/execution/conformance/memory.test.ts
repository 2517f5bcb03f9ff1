import type { Graph } from "@/flow/graph/schema";
import { type MemoryRun, runOnMemoryHost } from "@/flow/interpreter/memory-host";
import { prepareGraph } from "@/flow/interpreter/prepare";
import { createMemoryStorage } from "@/flow/node/memory-storage";
import { newExecutionId } from "../ids";
import type { JournalLine } from "./harness";
import { conformanceRegistry } from "./nodes";
import { conform, type HarnessUnderTest } from "./suite";
import { createWorld } from "./world";

const refuse = () => {
  throw new Error("Nothing in memory goes outside");
};

async function open(): Promise<HarnessUnderTest> {
  const world = await createWorld();
  const registry = conformanceRegistry(world);
  const flows = new Map<string, Graph>();
  const runs = new Map<string, Promise<MemoryRun>>();
  const attempts = new Map<string, JournalLine[]>();
  const found = (id: string) => runs.get(id)!;

  return {
    world,
    organizationId: "org",
    async publish(graph, flowId = `flow-${flows.size}`) {
      flows.set(flowId, graph);
      return flowId;
    },
    async start(flowId, { item = {} } = {}) {
      const id = newExecutionId();
      const graph = flows.get(flowId)!;
      const lines: JournalLine[] = [];
      attempts.set(id, lines);
      const run = runOnMemoryHost({
        graph: prepareGraph(graph, noting(registry, lines)),
        registry: noting(registry, lines),
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
        info: { id, mode: "api", flowId, flowName: flowId, organizationId: "org", resumeUrl: "" },
        trigger: { nodeId: "Start", items: [{ json: item }] },
        variables: {},
        lineage: id,
        maxVisits: graph.settings.maxVisits ?? 1000,
        timezone: "UTC",
      });
      runs.set(id, run);
      return { executionId: id, duplicate: false };
    },
    async outcome(id) {
      const { status, error, lastKey, steps } = await found(id);
      const last = steps.find((step) => step.key === lastKey);
      return { status, error, response: null, lastItems: status === "succeeded" ? (last?.outputs[0] ?? []) : null };
    },
    status: async (id) => (await found(id)).status,
    async journal(id) {
      const { steps } = await found(id);
      const itemsOf = new Map(steps.map((step) => [step.key, step.outputs[0]?.map(({ json }) => json) ?? []]));
      return attempts.get(id)!.map((line) => ({ ...line, items: itemsOf.get(line.key) ?? [] }));
    },
    inMemory: async () => 0,
    close: () => world.close(),
  };
}

/** Keeps a journal of attempts, which the memory host has none of. */
function noting(registry: ReturnType<typeof conformanceRegistry>, lines: JournalLine[]): typeof registry {
  return {
    definition: registry.definition,
    executor: (type) => async (context) => {
      const line: JournalLine = {
        key: `${context.node.id}#${context.runIndex}`,
        attempt: context.attempt,
        status: "running",
        startedAt: Date.now(),
        finishedAt: null,
        items: [],
      };
      lines.push(line);
      try {
        const given = await (await registry.executor(type))(context);
        line.status = "succeeded";
        return given;
      } catch (thrown) {
        line.status = "failed";
        throw thrown;
      } finally {
        line.finishedAt = Date.now();
      }
    },
  };
}

conform("memory", [], open);
