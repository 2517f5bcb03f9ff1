import type pg from "pg";
import type { JsonObject } from "@/flow/item";
import type { StaticData } from "@/flow/node/storage";
import { assertStorable } from "@/flow/node/storage-limits";
import type { Prisma } from "@/prisma/generated/client";
import { patiently } from "@/server/execution/patience";

export interface StorageOwner {
  organizationId: string;
  flowId: string;
  nodeId: string;
  executionId: string;
  /** Key of the visit. */
  visit: string;
}

const KEY = "$static";

/** What an execution has changed, until its success makes it count: `before` is for a visit that is run again. */
interface Draft {
  visit: string;
  before: JsonObject;
  value: JsonObject;
}

/** n8n's static data: read from the flow, changed in a draft of the execution. */
export function createStaticData(pool: pg.Pool, { organizationId, flowId, nodeId, executionId, visit }: StorageOwner): StaticData {
  const read = async (of: "global" | "node"): Promise<JsonObject> => {
    const { rows } = await patiently(() =>
      pool.query<{ execution_id: string; value: string }>(
        `select execution_id, value from flow_storage
         where organization_id = $1 and flow_id = $2 and node_id = $3 and execution_id in ('', $4) and key = $5
         order by execution_id desc limit 1`,
        [organizationId, flowId, of === "node" ? nodeId : "", executionId, KEY],
      ),
    );
    const [row] = rows;
    if (!row) return {};
    if (row.execution_id === "") return JSON.parse(row.value) as JsonObject;
    const draft = JSON.parse(row.value) as Draft;
    return draft.visit === visit ? draft.before : draft.value;
  };
  return {
    read,
    async write(of, value) {
      assertStorable(KEY, value);
      const draft: Draft = { visit, before: await read(of), value };
      await patiently(() =>
        pool.query(
          `insert into flow_storage (organization_id, flow_id, node_id, execution_id, key, value) values ($1, $2, $3, $4, $5, $6)
           on conflict (organization_id, flow_id, node_id, execution_id, key)
           do update set value = excluded.value, version = default, updated_at = now()`,
          [organizationId, flowId, of === "node" ? nodeId : "", executionId, KEY, JSON.stringify(draft)],
        ),
      );
    },
  };
}

/** Gives a new flow what it remembered elsewhere. */
export async function keepStaticData(
  tx: Prisma.TransactionClient,
  { organizationId, flowId }: Pick<StorageOwner, "organizationId" | "flowId">,
  remembered: readonly { nodeId: string | null; value: JsonObject }[],
): Promise<void> {
  if (remembered.length === 0) return;
  await tx.flowStorage.createMany({
    data: remembered.map(({ nodeId, value }) => ({
      organizationId,
      flowId,
      nodeId: nodeId ?? "",
      key: KEY,
      value: assertStorable(KEY, value),
    })),
  });
}

/**
 * Ends an execution's drafts: they count from now on, or are forgotten. Safe to repeat.
 * @param keep false for one that failed or that a person started by hand
 */
export async function settleStaticData(
  pool: pg.Pool,
  { organizationId, flowId, executionId }: Pick<StorageOwner, "organizationId" | "flowId" | "executionId">,
  keep: boolean,
): Promise<void> {
  await patiently(() =>
    pool.query(
      `with drafts as (delete from flow_storage where organization_id = $1 and flow_id = $2 and execution_id = $3 returning node_id, key, value)
     insert into flow_storage (organization_id, flow_id, node_id, key, value)
     select $1, $2, node_id, key, (value::json -> 'value')::text from drafts where $4
     on conflict (organization_id, flow_id, node_id, execution_id, key)
     do update set value = excluded.value, version = default, updated_at = now()`,
      [organizationId, flowId, executionId, keep],
    ),
  );
}

const usage = new WeakMap<object, boolean>();

/** Whether a node of the graph names static data: flows without it are spared the question. */
export function usesStaticData(graph: { nodes: readonly { parameters: JsonObject }[] }): boolean {
  const known = usage.get(graph);
  if (known !== undefined) return known;
  const uses = graph.nodes.some(({ parameters }) => JSON.stringify(parameters).includes("getWorkflowStaticData"));
  usage.set(graph, uses);
  return uses;
}
