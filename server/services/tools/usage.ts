import { z } from "zod";
import type { Graph } from "@/flow/graph/schema";
import { action as actionNode } from "@/nodes/action/definition";
import { actionTrigger } from "@/nodes/action-trigger/definition";
import { type Db, db } from "@/server/db";
import { findAction } from "../actions/find";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findTool } from "./find";

export const toolUsageSchema = z.object({
  id: idSchema,
  /** One of its actions; all of them when absent. */
  actionId: idSchema.optional(),
});

/** A flow with nodes that call a tool. */
export interface ToolUser {
  flowId: string;
  name: string;
  active: boolean;
  /** The nodes are in what triggers run, not only in the draft. */
  published: boolean;
  /** Names of its nodes that do, and keys of what they call. */
  nodes: string[];
  actions: string[];
}

/** Flows whose draft or published version calls the tool: what would fail without it. */
export async function toolUsage({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof toolUsageSchema> }): Promise<ToolUser[]> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id, actionId } = parse(toolUsageSchema, input);
  const tool = await findTool(db(), organizationId, id);
  const action = actionId === undefined ? null : await findAction(db(), organizationId, actionId);
  return usersOf(db(), organizationId, tool.key, action?.key);
}

const CALLING: readonly string[] = [actionNode.type, actionTrigger.type];

/** Flows of the organization that call a tool, by its key. */
export async function usersOf(tx: Db, organizationId: string, tool: string, action?: string): Promise<ToolUser[]> {
  const parameters = { tool, ...(action !== undefined && { action }) };
  const [calls, watches] = CALLING.map((type) => JSON.stringify([{ type, parameters }]));
  const rows = await tx.$queryRaw<{ id: string; name: string; active: boolean; draft: Graph; published: Graph | null }[]>`
    select f.id, f.name, f.active, f.draft, v.graph as published
    from flow f
    left join flow_version v on v.flow_id = f.id and v.version = f.published_version
    where f.organization_id = ${organizationId} and f.deleted_at is null
      and (f.draft -> 'nodes' @> ${calls}::jsonb or v.graph -> 'nodes' @> ${calls}::jsonb
        or f.draft -> 'nodes' @> ${watches}::jsonb or v.graph -> 'nodes' @> ${watches}::jsonb)
    order by f.active desc, lower(f.name), f.id
    limit 200`;
  return rows.map(({ id, name, active, draft, published }) => {
    const inPublished = published ? callsIn(published, tool, action) : [];
    const all = [...inPublished, ...callsIn(draft, tool, action)];
    return {
      flowId: id,
      name,
      active,
      published: inPublished.length > 0,
      nodes: [...new Set(all.map(({ node }) => node))],
      actions: [...new Set(all.map((call) => call.action))],
    };
  });
}

const callsIn = (graph: Graph, tool: string, action: string | undefined): { node: string; action: string }[] =>
  graph.nodes.flatMap(({ name, type, parameters }) =>
    CALLING.includes(type) && parameters.tool === tool && (action === undefined || parameters.action === action)
      ? [{ node: name, action: String(parameters.action) }]
      : [],
  );
