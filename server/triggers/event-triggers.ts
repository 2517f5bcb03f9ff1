import type pg from "pg";
import type { z } from "zod";
import { evaluateTemplate } from "@/flow/expression/template";
import type { JsonObject } from "@/flow/item";
import { eventTrigger } from "@/nodes/event-trigger/definition";
import type { EndListener } from "../execution/ends/follow-end";
import type { ExecutionEngine, ExecutionError, NewExecution } from "../execution/engine";
import { newExecutionId, newTriggerEventId } from "../execution/ids";
import { startScope } from "../execution/policies";
import { logger } from "../logger";
import { keepArrival } from "./held-arrivals";
import { type Arrival, startOrKeep } from "./start-or-keep";
import { publishedGraph } from "./webhook-registry";

type Settings = z.infer<typeof eventTrigger.parameters>;

interface ListeningRow {
  id: string;
  flow_id: string;
  node_id: string;
  config: unknown;
  flow_name: string;
  published_version: number;
  flow_active: boolean;
}

/** Something that happened in an organization, as event triggers get it. */
export interface Happening {
  organizationId: string;
  /** `id`, `name`, `data`, `receivedAt`. */
  json: JsonObject;
  /** Starts each flow once. */
  dedupeKey: string;
  /** `flow-event`: what it starts causes no further ones by its own end. */
  type: "event" | "flow-event";
  matches(settings: Settings, flowId: string): boolean;
}

/** Starts the flows that listen to it; those that are switched off keep it. May be repeated. */
export async function startListening(pool: pg.Pool, engine: ExecutionEngine, happening: Happening): Promise<void> {
  const { rows } = await pool.query<ListeningRow>({
    name: "events-listening",
    text: `select t.id, t.flow_id, t.node_id, t.config, f.name as flow_name, f.published_version, f.active as flow_active
      from trigger t join flow f on f.id = t.flow_id
      where t.organization_id = $1 and t.type = 'event' and t.active and f.deleted_at is null and f.published_version is not null`,
    values: [happening.organizationId],
  });
  for (const row of rows) {
    const settings = eventTrigger.parameters.safeParse(row.config);
    if (!settings.success || !happening.matches(settings.data, row.flow_id)) continue;
    await startOne(engine, row, happening, settings.data);
  }
}

async function startOne(engine: ExecutionEngine, row: ListeningRow, happening: Happening, { filter }: Settings): Promise<void> {
  const { organizationId, dedupeKey } = happening;
  const execution: Arrival = {
    id: newExecutionId(),
    organizationId,
    flowId: row.flow_id,
    flowName: row.flow_name,
    flowVersion: row.published_version,
    graph: await publishedGraph(row.flow_id, row.published_version),
    mode: "event",
    triggerNodeId: row.node_id,
    items: [{ json: happening.json }],
    variables: {},
    createdById: null,
    retryOfId: null,
    event: { id: newTriggerEventId(), triggerId: row.id, type: happening.type, dedupeKey },
  };
  if (!passes(execution, filter)) return;
  if (row.flow_active) {
    await startOrKeep(engine, execution);
    return;
  }
  const kept = await keepArrival({
    organizationId,
    flowId: row.flow_id,
    triggerId: row.id,
    type: "event",
    heldFor: "inactive",
    dedupeKey,
    items: execution.items,
  });
  if (kept === null)
    logger.warn({ triggerId: row.id, flowId: row.flow_id }, "an event was dropped: its flow is off and keeps as many as it can");
}

/** A filter that cannot be evaluated lets nothing pass: the flow was to run for some events only. */
function passes(execution: NewExecution, filter: string): boolean {
  if (filter.trim() === "") return true;
  try {
    return Boolean(evaluateTemplate(filter.startsWith("=") ? filter : `=${filter}`, startScope(execution), 0));
  } catch (error) {
    logger.warn({ err: error, flowId: execution.flowId }, "the filter of an event trigger could not be evaluated");
    return false;
  }
}

/** Whether a name fits a pattern in which `*` stands for any text. */
export function matchesName(pattern: string, name: string): boolean {
  const parts = pattern.trim().split("*");
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return first === name;
  const last = rest.pop() as string;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - last.length;
}

/** Ends of executions, for the flows that listen to them. What such an event started causes none of its own: two could go on for ever. */
export function flowEndEvents(pool: pg.Pool, engine: () => Promise<ExecutionEngine>): EndListener {
  return async (ended) => {
    if (ended.originMode === "error" || ended.eventType === "flow-event") return;
    const error = ended.error === null ? null : (JSON.parse(ended.error) as ExecutionError);
    await startListening(pool, await engine(), {
      organizationId: ended.organizationId,
      json: {
        id: ended.id,
        name: `tolstoy/flow.${ended.status}`,
        data: {
          executionId: ended.id,
          flowId: ended.flowId,
          flowName: ended.flowName,
          mode: ended.mode,
          status: ended.status,
          error: error && { message: error.message, node: error.nodeName },
        },
        receivedAt: new Date().toISOString(),
      },
      dedupeKey: `end:${ended.id}`,
      type: "flow-event",
      matches: ({ source, ends, flowId }, listener) =>
        source === "flows" && ends.includes(ended.status) && (flowId === "" ? listener !== ended.flowId : flowId === ended.flowId),
    });
  };
}
