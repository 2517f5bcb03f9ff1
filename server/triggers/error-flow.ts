import type pg from "pg";
import type { ExecutionMode } from "@/flow/execution/status";
import { type Graph, type GraphNode, graphSchema } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { errorTrigger } from "@/nodes/error-trigger/definition";
import { appUrl } from "../auth/settings";
import type { EndedExecution, EndListener } from "../execution/ends/follow-end";
import type { ExecutionEngine, ExecutionError } from "../execution/engine";
import { newExecutionId, newTriggerEventId } from "../execution/ids";
import { logger } from "../logger";

/** What n8n calls the ways in which executions come to be, for flows that were imported. */
const MODES: Readonly<Record<ExecutionMode, string>> = {
  manual: "manual",
  webhook: "webhook",
  form: "webhook",
  chat: "webhook",
  schedule: "trigger",
  event: "trigger",
  poll: "trigger",
  api: "trigger",
  retry: "retry",
  flow: "integrated",
  error: "error",
};

interface FlowRow {
  name: string;
  published_version: number | null;
  draft: unknown;
  graph: unknown;
}

/**
 * Starts the error flow of a flow when one of its executions has failed, by hand or not, once: an execution's failure is one
 * arrival. A failing error flow starts nothing.
 */
export function errorFlows(pool: pg.Pool, engine: () => Promise<ExecutionEngine>): EndListener {
  return async (ended) => {
    if ((ended.status !== "failed" && ended.status !== "timed_out") || ended.originMode === "error") return;
    const failed = await graphOf(pool, ended);
    if (!failed) return;
    await startErrorFlow(pool, await engine(), { ...ended, graph: failed, json: errorItem(ended, failed), dedupeKey: `error:${ended.id}` });
  };
}

/** Something that went wrong with a flow. */
interface Failure {
  organizationId: string;
  /** The flow, and its graph as it ran. */
  flowId: string;
  graph: Graph;
  /** What the error flow is given. */
  json: JsonObject;
  /** Starts it once. */
  dedupeKey: string;
}

async function startErrorFlow(pool: pg.Pool, engine: ExecutionEngine, failure: Failure): Promise<void> {
  const { organizationId, graph: failed, dedupeKey } = failure;
  const flowId = failed.settings.errorFlow || (errorNode(failed) ? failure.flowId : null);
  if (!flowId) return;
  const target = await findErrorFlow(pool, organizationId, flowId);
  const trigger = target && errorNode(target.graph);
  if (!target || !trigger) {
    const reason = target ? "has no Error Trigger" : "does not exist";
    logger.warn({ flowId: failure.flowId, errorFlow: flowId, dedupeKey }, `the error flow of a flow ${reason}`);
    return;
  }
  await engine.start({
    id: newExecutionId(),
    organizationId,
    flowId,
    flowName: target.name,
    flowVersion: target.version,
    graph: { ...target.graph, nodes: target.graph.nodes.map(({ pinned: _, ...node }) => node) },
    mode: "error",
    triggerNodeId: trigger.id,
    items: [{ json: failure.json }],
    variables: {},
    createdById: null,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId: null, type: "error", dedupeKey },
  });
}

/** A trigger that cannot do its work, so that there is no execution that could fail. */
export interface TriggerFailure extends Omit<Failure, "json"> {
  flowName: string;
  error: { name: string; message: string };
  node: GraphNode;
}

/** Tells the error flow of a flow that a trigger of its fails, once for each key. */
export async function startErrorFlowOfTrigger(
  pool: pg.Pool,
  engine: ExecutionEngine,
  { flowName, error, node, ...failure }: TriggerFailure,
): Promise<void> {
  const { name, message } = error;
  const { id, type, parameters } = node;
  await startErrorFlow(pool, engine, {
    ...failure,
    json: {
      trigger: { error: { name, message, node: { id, name: node.name, type, parameters } }, mode: MODES.poll },
      workflow: { id: failure.flowId, name: flowName },
    },
  });
}

const errorNode = (graph: Graph) => graph.nodes.find((node) => node.type === errorTrigger.type && !node.disabled);

async function graphOf(pool: pg.Pool, { draftGraph, flowId, flowVersion }: EndedExecution): Promise<Graph | null> {
  if (draftGraph !== null) return graphSchema.parse(JSON.parse(draftGraph));
  const { rows } = await pool.query<{ graph: unknown }>({
    name: "error-flow-of",
    text: "select graph from flow_version where flow_id = $1 and version = $2",
    values: [flowId, flowVersion],
  });
  return rows[0] ? graphSchema.parse(rows[0].graph) : null;
}

/** The published version, or the draft as long as nothing has been published. It need not be active. */
async function findErrorFlow(
  pool: pg.Pool,
  organizationId: string,
  flowId: string,
): Promise<{ name: string; version: number | null; graph: Graph } | null> {
  const { rows } = await pool.query<FlowRow>({
    name: "error-flow",
    text: `select f.name, f.published_version, f.draft, v.graph from flow f
      left join flow_version v on v.flow_id = f.id and v.version = f.published_version
      where f.id = $1 and f.organization_id = $2 and f.deleted_at is null`,
    values: [flowId, organizationId],
  });
  const [row] = rows;
  return row ? { name: row.name, version: row.published_version, graph: graphSchema.parse(row.graph ?? row.draft) } : null;
}

/** The failure in n8n's form. */
function errorItem(ended: EndedExecution, failed: Graph): JsonObject {
  const error = ended.error === null ? null : (JSON.parse(ended.error) as ExecutionError);
  const message =
    error?.message ?? (ended.status === "timed_out" ? "The execution took longer than its flow allows" : "The execution failed");
  const node = failed.nodes.find(({ id }) => id === error?.nodeId);
  return {
    execution: {
      id: ended.id,
      url: `${appUrl().origin}/executions/${ended.id}`,
      ...(ended.retryOfId !== null && { retryOf: ended.retryOfId }),
      error: {
        message,
        stack: `Error: ${message}${node ? `\n    at node "${node.name}" (${node.type})` : ""}`,
        ...(node && { node: { id: node.id, name: node.name, type: node.type, parameters: node.parameters } }),
      },
      lastNodeExecuted: error?.nodeName ?? null,
      mode: MODES[ended.mode],
    },
    workflow: { id: ended.flowId, name: ended.flowName },
  };
}
