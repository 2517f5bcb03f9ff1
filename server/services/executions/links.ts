import type { z } from "zod";
import type { ExecutionStatus } from "@/flow/execution/status";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { findHead } from "./read";
import { executionIdSchema } from "./snapshot";

/** An execution that another one started, or was started by. */
export interface LinkedExecution {
  executionId: string;
  flowId: string;
  flowName: string;
  status: ExecutionStatus;
  /** `nodeId#runIndex` of the step that started the child. */
  stepKey: string;
  /** 0-based item that the step ran it for. */
  itemIndex: number;
}

const MOST_CHILDREN = 200;

/** What an execution was started by, and the first of what its steps have started. */
export async function linkedExecutions({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<{ parent: LinkedExecution | null; children: LinkedExecution[] }> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(executionIdSchema, input);
  await findHead(organizationId, id);
  const { rows } = await sql().query<LinkedExecution & { isParent: boolean }>({
    name: "execution-links",
    text: `(select e.id as "executionId", e.flow_id as "flowId", coalesce(f.name, 'Deleted flow') as "flowName", e.status,
        l.step_key as "stepKey", l.item_index as "itemIndex", true as "isParent"
      from execution_link l join execution e on e.id = l.parent_id left join flow f on f.id = e.flow_id
      where l.child_id = $1 and l.organization_id = $2)
      union all
      (select e.id, e.flow_id, coalesce(f.name, 'Deleted flow'), e.status, l.step_key, l.item_index, false
      from execution_link l join execution e on e.id = l.child_id left join flow f on f.id = e.flow_id
      where l.parent_id = $1 and l.organization_id = $2 order by l.created_at, l.item_index limit ${MOST_CHILDREN})`,
    values: [id, organizationId],
  });
  const linked = rows.map(({ isParent: _, ...row }) => row);
  return {
    parent: linked.find((_, index) => rows[index]?.isParent) ?? null,
    children: linked.filter((_, index) => !rows[index]?.isParent),
  };
}
