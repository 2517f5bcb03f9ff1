import type pg from "pg";
import type { ExecutionStatus } from "@/flow/execution/status";
import { isTerminal } from "@/flow/execution/status";
import type { Graph } from "@/flow/graph/schema";
import type { Json, JsonObject } from "@/flow/item";
import { newDeliveryId } from "@/server/execution/ids";
import { logger } from "@/server/logger";
import { sql } from "@/server/sql";
import type { WebhookEventType } from "./event-types";
import { payloadOf } from "./payload";

const BATCH = 50;
/** How often a running execution is looked at again where steps are of interest. */
const AGAIN_MS = 1_000;
/** Bytes of an output that a message takes along. */
const MOST_OUTPUT = 65_536;

interface ExecutionRow {
  id: string;
  organization_id: string;
  flow_id: string;
  status: ExecutionStatus;
  error: string | null;
  last_key: string | null;
  started_at: Date;
  finished_at: Date | null;
  seq: number;
  read: number | null;
  graph: Pick<Graph, "nodes"> | null;
  /** JSON text. */
  draft_graph: string | null;
}

interface StepRow {
  seq: number;
  key: string;
  node_id: string;
  status: string;
  error: string | null;
  output: string | null;
  wake_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

interface Listener {
  id: string;
  event_types: string[];
}

/** Something that happened. */
interface Happening {
  eventType: WebhookEventType;
  /** Names it within the execution, so that nobody is told of it twice. */
  key: string;
  at: Date;
  data: JsonObject;
}

/**
 * Reads what has happened in executions since the last look, and writes a message to every webhook that is told of it. A look that
 * is cut off is made again; a message is written once for each thing that happened.
 * @returns how many executions were looked at
 */
export async function noteHappenings(): Promise<number> {
  const client = await sql().connect();
  let broken = true;
  try {
    await client.query("begin");
    // The rows stay locked until they are read: other processes pass them by.
    const { rows } = await client.query<{ id: string; execution_id: string }>({
      name: "webhook-looks",
      text: `select id, execution_id from webhook_look where look_at <= clock_timestamp() order by look_at limit ${BATCH} for update skip locked`,
    });
    for (const executionId of new Set(rows.map((row) => row.execution_id))) {
      await client.query("savepoint look");
      try {
        await look(client, executionId);
      } catch (error) {
        // It must not stand in the way of the others for good.
        await client.query("rollback to savepoint look");
        logger.error({ err: error, executionId }, "what happened in an execution could not be told to webhooks");
      }
    }
    await client.query("delete from webhook_look where id = any($1::bigint[])", [rows.map(({ id }) => id)]);
    await client.query("commit");
    broken = false;
    return rows.length;
  } finally {
    client.release(broken);
  }
}

async function look(client: pg.ClientBase, executionId: string): Promise<void> {
  const { rows } = await client.query<ExecutionRow>({
    name: "webhook-execution",
    text: `select e.id, e.organization_id, e.flow_id, e.status, e.error, e.last_key, e.started_at, e.finished_at, e.seq, p.seq as read,
        v.graph, e.draft_graph
      from execution e left join flow_version v on v.flow_id = e.flow_id and v.version = e.flow_version
      left join webhook_progress p on p.execution_id = e.id where e.id = $1 and e.started_at is not null`,
    values: [executionId],
  });
  const [execution] = rows;
  if (!execution) return;
  const { rows: listeners } = await client.query<Listener>({
    name: "webhook-listeners",
    text: "select id, event_types from webhook where organization_id = $1 and enabled and created_at <= coalesce($2, clock_timestamp())",
    values: [execution.organization_id, execution.finished_at],
  });
  const wanted = new Set(listeners.flatMap((listener) => listener.event_types));
  if (wanted.size === 0) return;
  const { rows: steps } = await client.query<StepRow>({
    name: "webhook-steps",
    text: `select seq, key, node_id, status, error, output, wake_at, started_at, finished_at from execution_step
      where execution_id = $1 and seq > $2 and seq <= $3 order by seq`,
    values: [executionId, execution.read ?? 0, execution.seq],
  });
  const graph = execution.draft_graph === null ? execution.graph : (JSON.parse(execution.draft_graph) as Pick<Graph, "nodes">);
  const happenings = await happeningsOf(client, { ...execution, graph }, steps);
  for (const happening of happenings) await write(client, execution, happening, listeners);
  const isOver = isTerminal(execution.status);
  const hearsSteps = [...wanted].some((name) => name.startsWith("step.") || name.startsWith("action."));
  if (isOver) await client.query("delete from webhook_progress where execution_id = $1", [executionId]);
  else {
    await client.query(
      "insert into webhook_progress (execution_id, seq) values ($1, $2) on conflict (execution_id) do update set seq = greatest(webhook_progress.seq, $2)",
      [executionId, execution.seq],
    );
    // Of changes of its status the database tells; its steps must be looked for.
    if (hearsSteps && execution.status === "running") {
      await client.query(
        "insert into webhook_look (execution_id, look_at) values ($1, clock_timestamp() + $2 * interval '1 millisecond')",
        [executionId, AGAIN_MS],
      );
    }
  }
}

async function happeningsOf(client: pg.ClientBase, execution: ExecutionRow, steps: readonly StepRow[]): Promise<Happening[]> {
  const { id: executionId, flow_id: flowId, started_at: startedAt, finished_at: finishedAt, status } = execution;
  const about = { flowId, executionId };
  const found: Happening[] = [
    { eventType: "flow.started", key: "flow.started", at: startedAt, data: { ...about, status: "started" } },
    ...steps.flatMap((step) => stepHappenings(execution, step)),
  ];
  if (finishedAt && ["succeeded", "failed", "timed_out"].includes(status)) {
    const completed = status === "succeeded";
    const eventType = completed ? "flow.completed" : "flow.failed";
    const error = execution.error === null ? null : (JSON.parse(execution.error) as Json);
    found.push({
      eventType,
      key: eventType,
      at: finishedAt,
      data: {
        ...about,
        status: completed ? "completed" : status,
        duration: finishedAt.getTime() - startedAt.getTime(),
        ...(await countsOf(client, executionId)),
        ...(completed && execution.last_key !== null && { output: await lastOutput(client, executionId, execution.last_key) }),
        ...(error !== null && { error }),
      },
    });
  }
  return found;
}

function stepHappenings({ id: executionId, flow_id: flowId, graph }: ExecutionRow, step: StepRow): Happening[] {
  const node = graph?.nodes.find(({ id }) => id === step.node_id);
  const startedAt = step.started_at ?? step.finished_at ?? new Date();
  const about = { flowId, executionId, stepKey: step.key, stepName: node?.name ?? step.node_id };
  const started: Happening = {
    eventType: "step.started",
    key: `step.started ${step.key}`,
    at: startedAt,
    data: { ...about, status: "started" },
  };
  // One that waits, or is tried again, has only begun.
  if (step.status === "waiting" || (step.status === "failed" && step.wake_at !== null)) return [started];
  const isSkipped = step.status === "skipped" || node?.disabled === true;
  const at = step.finished_at ?? startedAt;
  const failed = step.status === "failed";
  const name = isSkipped ? "skipped" : failed ? "failed" : "completed";
  const data: JsonObject = {
    ...about,
    status: name,
    duration: at.getTime() - startedAt.getTime(),
    ...(failed ? { error: step.error === null ? null : (JSON.parse(step.error) as Json) } : { output: outputOf(step.output) }),
  };
  const ended: Happening = { eventType: `step.${name}`, key: `step.${name} ${step.key}`, at, data };
  if (isSkipped) return [ended];
  if (node?.type !== "action") return [started, ended];
  const action = failed ? "action.failed" : "action.executed";
  return [started, ended, { ...ended, eventType: action, key: `${action} ${step.key}`, data: { ...data, ...calledBy(node.parameters) } }];
}

/** Which action a node calls, where that is written in it. */
const calledBy = ({ tool, action }: JsonObject): JsonObject => ({
  ...(isKey(tool) && { toolKey: tool }),
  ...(isKey(action) && { actionKey: action }),
});
const isKey = (value: Json | undefined): value is string => typeof value === "string" && !value.includes("{{");

/** Items of the first output; null where they are too large to send along, or kept elsewhere. */
function outputOf(text: string | null): Json {
  if (text === null || Buffer.byteLength(text) > MOST_OUTPUT) return null;
  const { outputs } = JSON.parse(text) as { outputs?: { json: JsonObject }[][] };
  return outputs?.[0]?.map(({ json }) => json) ?? null;
}

async function lastOutput(client: pg.ClientBase, executionId: string, key: string): Promise<Json> {
  const { rows } = await client.query<{ output: string | null }>(
    "select output from execution_step where execution_id = $1 and key = $2 and status in ('succeeded', 'waiting') order by seq limit 1",
    [executionId, key],
  );
  return outputOf(rows[0]?.output ?? null);
}

async function countsOf(client: pg.ClientBase, executionId: string): Promise<JsonObject> {
  const { rows } = await client.query<{ total: number; completed: number; failed: number; skipped: number }>(
    `select count(distinct key)::int as total, count(*) filter (where status = 'succeeded')::int as completed,
      count(*) filter (where status = 'failed' and wake_at is null)::int as failed, count(*) filter (where status = 'skipped')::int as skipped
     from execution_step where execution_id = $1`,
    [executionId],
  );
  const { total = 0, completed = 0, failed = 0, skipped = 0 } = rows[0] ?? {};
  return { totalSteps: total, completedSteps: completed, failedSteps: failed, skippedSteps: skipped };
}

async function write(
  client: pg.ClientBase,
  { id: executionId, organization_id: organizationId }: ExecutionRow,
  { eventType, key, at, data }: Happening,
  listeners: readonly Listener[],
): Promise<void> {
  for (const { id: webhookId } of listeners.filter((listener) => listener.event_types.includes(eventType))) {
    const deliveryId = newDeliveryId();
    const payload = payloadOf({ eventType, at: at.getTime(), organizationId, webhookId, deliveryId }, data);
    await client.query({
      name: "webhook-write",
      text: `insert into webhook_delivery (id, organization_id, webhook_id, event_type, execution_id, key, payload)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (webhook_id, key) do nothing`,
      values: [deliveryId, organizationId, webhookId, eventType, executionId, `${executionId} ${key}`, payload],
    });
  }
}
