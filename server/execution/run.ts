import type pg from "pg";
import type { CredentialAccess } from "@/flow/credentials/access";
import type { Graph } from "@/flow/graph/schema";
import type { NodeServices } from "@/flow/interpreter/execute-visit";
import { interpret } from "@/flow/interpreter/interpret";
import type { HttpClient, NodeContext, Sandbox } from "@/flow/node/context";
import type { NodeRegistry } from "@/flow/node/registry";
import { createFlowStorage } from "../storage/flow-storage";
import { settleStaticData, usesStaticData } from "../storage/static-data";
import { createCustomData } from "./custom-data";
import { earlierOutputs } from "./earlier-outputs";
import type { ClaimedExecution, RunExecution } from "./engine";
import { GraphCache } from "./graph-cache";
import type { LogWriter } from "./log-writer";
import { patiently } from "./patience";
import { readBinary, writeBinary } from "./payloads";
import { Resumptions } from "./resumption";
import { createWriteGuard } from "./write-guard";

export interface RunOptions {
  pool: pg.Pool;
  registry: NodeRegistry;
  http: HttpClient;
  sandbox: Sandbox;
  /** The sandbox for an organization's executions, which says what their code may reach; `sandbox` when absent. */
  sandboxOf?: (organizationId: string) => Sandbox;
  checkHost: NodeContext["checkHost"];
  connect: NodeContext["connect"];
  /** Finds actions for an organization's executions. */
  action?: (organizationId: string) => NodeContext["action"];
  /** How the nodes of one execution use credentials. */
  credentials?: (execution: ClaimedExecution) => CredentialAccess;
  /** Starts executions of other flows for the steps of one execution. */
  flows?: (execution: ClaimedExecution, flowName: string, graph: Graph) => NodeServices["flows"];
  logs: LogWriter;
  /** Where a call resumes a waiting step of the execution. */
  resumeUrl: (executionId: string) => string;
  /** Where people fill in the pages of the execution's form. */
  formUrl?: (executionId: string) => string;
  /** Visits after which an execution whose flow does not say otherwise is stopped. */
  maxVisits: number;
  /** Allowlisted environment that expressions see as `$env`. */
  env: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEZONE = "UTC";

/** Few steps ask: it is not worth a place in every claim. */
async function readStarter(pool: pg.Pool, executionId: string): Promise<string | null> {
  const { rows } = await patiently(() =>
    pool.query<{ created_by_id: string | null }>({
      name: "execution-starter",
      text: "select created_by_id from execution where id = $1",
      values: [executionId],
    }),
  );
  return rows[0]?.created_by_id ?? null;
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/** What every engine runs: the interpreter over its host, with the services of this installation. */
export function createRunExecution(options: RunOptions): RunExecution {
  const { pool, registry, http, sandbox, logs } = options;
  const graphs = new GraphCache(pool, registry);
  const resumptions = new Resumptions(pool, registry);

  const servicesFor = (execution: ClaimedExecution, flowName: string, graph: Graph): NodeServices => {
    const { id, organizationId, flowId } = execution;
    const flows = options.flows?.(execution, flowName, graph);
    return {
      http,
      sandbox: options.sandboxOf?.(organizationId) ?? sandbox,
      ...(flows && { flows }),
      guard: createWriteGuard(pool, execution),
      ...(options.action && { action: options.action(organizationId) }),
      storage: ({ key, nodeId }) => createFlowStorage(pool, { organizationId, flowId, nodeId, executionId: id, visit: key }),
      customData: createCustomData(pool, { organizationId, executionId: id }),
      checkHost: options.checkHost,
      connect: options.connect,
      readBinary: (binary) => patiently(() => readBinary(pool, organizationId, binary)),
      writeBinary: (bytes, info) => patiently(() => writeBinary(pool, { organizationId, executionId: id }, bytes, info)),
      log: (visit, level, message, data) =>
        logs.write({ organizationId, executionId: id, stepKey: visit.key, level, message, data: data ?? null }),
    };
  };

  return async (execution, host) => {
    const { graph, flowName } = await graphs.load(execution);
    const { settings, variables } = graph.index.graph;
    const reuse = graph.partial?.reuse;
    const resumption = await resumptions.of(execution, graph);
    const result = await interpret({
      graph,
      registry,
      host,
      services: {
        ...servicesFor(execution, flowName, graph.index.graph),
        ...(options.credentials && { credentials: options.credentials(execution) }),
      },
      info: {
        id: execution.id,
        mode: execution.mode,
        flowId: execution.flowId,
        flowName,
        organizationId: execution.organizationId,
        // Links are signed: only flows that use them pay for that.
        get resumeUrl() {
          return options.resumeUrl(execution.id);
        },
        get formUrl() {
          return options.formUrl?.(execution.id);
        },
        startedBy: once(() => readStarter(pool, execution.id)),
      },
      trigger: { nodeId: execution.triggerNodeId, items: execution.items },
      variables: { ...variables, ...execution.variables },
      lineage: execution.id,
      maxVisits: settings.maxVisits ?? options.maxVisits,
      timezone: settings.timezone ?? DEFAULT_TIMEZONE,
      env: options.env,
      // A draft that is run again was run by hand; one that others start is frozen without pins.
      usesPins: execution.mode === "manual" || (execution.mode === "retry" && execution.flowVersion === null),
      ...(resumption && { resumption }),
      ...(reuse && { earlierOutputs: earlierOutputs(pool, execution.organizationId, reuse) }),
    });
    if (usesStaticData(graph.index.graph)) {
      const { id: executionId, organizationId, flowId, mode } = execution;
      await settleStaticData(pool, { organizationId, flowId, executionId }, result.status === "succeeded" && mode !== "manual");
    }
    return result;
  };
}
