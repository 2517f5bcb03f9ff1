import type pg from "pg";
import type { z } from "zod";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import { webhookTrigger } from "@/nodes/webhook-trigger/definition";
import { logger } from "../logger";
import { ServiceError } from "../services/errors";
import { sql } from "../sql";
import { batchedLookup } from "./batched-lookup";
import { firstIssue } from "./failure-text";

export type WebhookSettings = z.infer<typeof webhookTrigger.parameters>;

/**
 * Why an arrival is kept instead of starting something. `busy`: too much is queued, and it starts by itself once there is room;
 * `refused`: too much is queued, and its sender, who wanted an answer, was told to come again.
 */
export type HeldFor = "inactive" | "broken" | "busy" | "refused" | "test";

/** A webhook of a flow that is not deleted. */
export interface Webhook {
  triggerId: string;
  organizationId: string;
  flowId: string;
  settings: WebhookSettings;
  /** What callers prove themselves with, sealed; null while none is set. */
  secret: string | null;
}

/** One that answers: its flow is published and active. */
export interface ActiveWebhook extends Webhook {
  heldFor: null;
  flowName: string;
  flowVersion: number;
  nodeId: string;
  graph: Graph;
}

/** One whose calls are kept. */
export interface HoldingWebhook extends Webhook {
  heldFor: HeldFor;
}

interface Row {
  id: string;
  organization_id: string;
  flow_id: string;
  flow_name: string;
  published_version: number;
  node_id: string;
  secret: string | null;
}

const findRow = batchedLookup(async (ids): Promise<ReadonlyMap<string, Row>> => {
  const query: pg.QueryConfig & Pick<pg.ClientConfig, "query_timeout"> = {
    name: "webhooks",
    text: `select t.id, t.organization_id, t.flow_id, t.node_id, t.secret, f.name as flow_name, f.published_version
           from trigger t join flow f on f.id = t.flow_id
           where t.id = any($1) and t.type = 'webhook' and t.active and f.active and f.deleted_at is null and f.published_version is not null`,
    values: [ids],
    // Whoever comes meanwhile waits for this one: a database that hangs must not hold them for longer.
    query_timeout: 10_000,
  };
  const { rows } = await sql().query<Row>(query);
  return new Map(rows.map((row) => [row.id, row]));
});

/**
 * Whether it answers is asked of the database each time, so that switching a flow off counts at once; what it does is fixed
 * with the version and remembered.
 */
export async function findWebhook(triggerId: string): Promise<ActiveWebhook | HoldingWebhook | null> {
  if (!/^[\w-]{1,100}$/.test(triggerId)) return null;
  const row = await findRow(triggerId);
  if (!row) return findHolding(triggerId, "inactive");
  try {
    const graph = await publishedGraph(row.flow_id, row.published_version);
    const node = graph.nodes.find(({ id }) => id === row.node_id);
    if (!node) throw new BrokenVersionError(`Version ${row.published_version} of the flow ${row.flow_id} has no node ${row.node_id}`);
    return {
      triggerId,
      heldFor: null,
      organizationId: row.organization_id,
      flowId: row.flow_id,
      flowName: row.flow_name,
      flowVersion: row.published_version,
      nodeId: row.node_id,
      graph,
      settings: settingsOf(node.parameters),
      secret: row.secret,
    };
  } catch (error) {
    if (!(error instanceof BrokenVersionError)) throw error;
    logger.error({ err: error, triggerId, flowId: row.flow_id }, "the published version of a flow cannot be read; its calls are kept");
    return findHolding(triggerId, "broken");
  }
}

/** A stored version that this installation cannot make sense of. */
export class BrokenVersionError extends Error {}

export const TRIGGER_IS_GONE = "The published version does not have this trigger any more. Publish the flow again";

interface HoldingRow {
  organization_id: string;
  flow_id: string;
  config: unknown;
  secret: string | null;
}

/** A published webhook whose flow is switched off or broken. Its settings are those of its registration. */
async function findHolding(triggerId: string, heldFor: HeldFor): Promise<HoldingWebhook | null> {
  const { rows } = await sql().query<HoldingRow>({
    name: "webhooks-holding",
    text: `select t.organization_id, t.flow_id, t.config, t.secret from trigger t join flow f on f.id = t.flow_id
           where t.id = $1 and t.type = 'webhook' and t.active and f.deleted_at is null and f.published_version is not null`,
    values: [triggerId],
  });
  const [row] = rows;
  if (!row) return null;
  const settings = webhookTrigger.parameters.safeParse(row.config);
  if (!settings.success) {
    throw new ServiceError("unavailable", "This webhook cannot tell what it takes; publish its flow again.", { retryAfterSeconds: 300 });
  }
  return { triggerId, heldFor, organizationId: row.organization_id, flowId: row.flow_id, settings: settings.data, secret: row.secret };
}

/** By the parameters' own object, which a remembered graph keeps. Publishing has checked them. */
const knownSettings = new WeakMap<object, WebhookSettings>();

function settingsOf(parameters: Graph["nodes"][number]["parameters"]): WebhookSettings {
  let settings = knownSettings.get(parameters);
  if (!settings) {
    const parsed = webhookTrigger.parameters.safeParse(parameters);
    if (!parsed.success) throw new BrokenVersionError(`The webhook's settings cannot be read: ${parsed.error.message}`);
    settings = parsed.data;
    knownSettings.set(parameters, settings);
  }
  return settings;
}

const MOST_GRAPHS = 500;
const graphs = new Map<string, Promise<Graph>>();

/** Graphs of published versions, which never change. The least recently used go first. */
export function publishedGraph(flowId: string, version: number): Promise<Graph> {
  const key = `${flowId}@${version}`;
  let graph = graphs.get(key);
  if (graph) graphs.delete(key);
  else {
    graph = loadGraph(flowId, version);
    graph.catch(() => graphs.delete(key));
  }
  graphs.set(key, graph);
  const [oldest] = graphs.keys();
  if (graphs.size > MOST_GRAPHS && oldest !== undefined) graphs.delete(oldest);
  return graph;
}

async function loadGraph(flowId: string, version: number): Promise<Graph> {
  const { rows } = await sql().query<{ graph: unknown }>("select graph from flow_version where flow_id = $1 and version = $2", [
    flowId,
    version,
  ]);
  if (!rows[0]) throw new BrokenVersionError(`Version ${version} of the flow is not stored. Publish the flow again`);
  const graph = graphSchema.safeParse(rows[0].graph);
  if (!graph.success) {
    throw new BrokenVersionError(`Version ${version} of the flow cannot be read: ${firstIssue(graph.error)}. Publish the flow again`);
  }
  return graph.data;
}
