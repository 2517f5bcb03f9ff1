import type pg from "pg";
import { namedCredentials } from "@/flow/credentials/references";
import { CancelledError, FatalError, isCancelled } from "@/flow/execution/errors";
import { type ExecutionStatus, isTerminal } from "@/flow/execution/status";
import type { Graph } from "@/flow/graph/schema";
import type { FlowCaller } from "@/flow/interpreter/execute-visit";
import type { Item } from "@/flow/item";
import type { FlowCall, FlowStarter } from "@/flow/node/context";
import type { NodeRegistry } from "@/flow/node/registry";
import type { ClaimedExecution, ExecutionEngine } from "../engine";
import { newExecutionId, newTriggerEventId } from "../ids";
import { patiently } from "../patience";
import { type Callee, findCallee, inlineCallee } from "./callee";
import { readFlowOutcome } from "./outcome";

/** How deep flows may run flows: one that calls itself without end fails instead of filling the queue. */
export const MOST_NESTED = 50;

export interface FlowStarterOptions {
  pool: pg.Pool;
  registry: NodeRegistry;
  engine: () => Promise<ExecutionEngine>;
}

interface LinkRow {
  child_id: string;
  depth: number;
  started: boolean;
}

const LINK = `
with nesting as (select coalesce((select depth from execution_link where child_id = $2), 0) + 1 as depth),
added as (
  insert into execution_link (child_id, organization_id, parent_id, step_key, attempt, item_index, awaited, depth)
  select $1, $3, $2, $4, $5, $6, $7, depth from nesting where depth <= ${MOST_NESTED}
  on conflict (parent_id, step_key, attempt, item_index) do nothing returning child_id, depth)
select child_id, depth, false as started from added
union all
select l.child_id, l.depth, exists (select 1 from execution e where e.id = l.child_id) from execution_link l
where l.parent_id = $2 and l.step_key = $4 and l.attempt = $5 and l.item_index = $6`;

/**
 * Starts executions of other flows for the steps of one execution. The child's id is fixed by a row of its own before it is
 * started, so however often an attempt runs, and whatever crashes in between, it has one child per index.
 */
export function createFlowStarter(options: FlowStarterOptions, parent: ClaimedExecution, flowName: string, graph?: Graph) {
  const { pool, registry } = options;
  // Whoever saved the flow was asked for these; nobody was for what comes along with items.
  const mayName = (id: string): boolean => graph !== undefined && namedCredentials(graph).some((each) => each.id === id);

  const link = async (caller: FlowCaller, { index, wait }: FlowCall): Promise<LinkRow> => {
    const values = [newExecutionId(), parent.id, parent.organizationId, caller.key, caller.attempt, index, wait];
    for (let tries = 0; tries < 3; tries++) {
      const { rows } = await patiently(() => pool.query<LinkRow>({ name: "flow_link", text: LINK, values }));
      if (rows[0]) return rows[0];
    }
    throw new FatalError(
      `Flows may run each other ${MOST_NESTED} levels deep, and this call is one more. Does a flow call itself without an end?`,
    );
  };

  const begin = async (childId: string, callee: Callee, items: Item[]): Promise<void> => {
    await (await options.engine()).start({
      id: childId,
      organizationId: parent.organizationId,
      flowId: callee.flowId,
      flowName: callee.flowName,
      flowVersion: callee.flowVersion,
      graph: callee.graph,
      mode: "flow",
      triggerNodeId: callee.trigger.id,
      items: items.map(({ json, binary }) => ({ json, ...(binary && { binary }) })),
      variables: {},
      createdById: null,
      retryOfId: null,
      event: { id: newTriggerEventId(), triggerId: null, type: "flow", dedupeKey: `flow:${childId}` },
    });
  };

  /** The parent may have ended while its step started this one: whoever ended its children did not see it. */
  const endWithParent = async (childId: string): Promise<void> => {
    const { rows } = await patiently(() =>
      pool.query<{ status: ExecutionStatus; cancel_requested: boolean }>({
        name: "flow_parent",
        text: "select status, cancel_requested from execution where id = $1",
        values: [parent.id],
      }),
    );
    const [row] = rows;
    if (!row || (!row.cancel_requested && !isTerminal(row.status))) return;
    await (await options.engine()).cancel(childId);
    throw new CancelledError();
  };

  return (caller: FlowCaller): FlowStarter => ({
    async start(call) {
      const { child_id: executionId, started } = await link(caller, call);
      if (started) return { executionId };
      try {
        const { flow } = call;
        const callee =
          "id" in flow
            ? await patiently(() => findCallee(pool, registry, parent, flow.id))
            : inlineCallee(registry, parent, flowName, flow.graph, mayName);
        await begin(executionId, callee, call.items);
      } catch (error) {
        // What was not started must not be waited for.
        if (!isCancelled(error)) await patiently(() => unlink(pool, executionId));
        throw error;
      }
      if (call.wait) await endWithParent(executionId);
      return { executionId };
    },
    outcome: (executionId) => patiently(() => readFlowOutcome(pool, parent.organizationId, executionId)),
  });
}

async function unlink(pool: pg.Pool, childId: string): Promise<void> {
  await pool.query({
    name: "flow_unlink",
    text: "delete from execution_link where child_id = $1 and not exists (select 1 from execution where id = $1)",
    values: [childId],
  });
}
