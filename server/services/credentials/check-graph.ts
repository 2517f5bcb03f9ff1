import { keepingCredentials, namedCredentials } from "@/flow/credentials/references";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import type { Db } from "@/server/db";
import type { Caller } from "../authorize";
import { type Issue, ServiceError } from "../errors";
import { mayUse } from "./types";

/**
 * Refuses a draft in which the caller has newly put a credential that they may not use: another organization's, one that is for
 * others, one that is not shared with the flow. What was in the flow before stays: others may have put it there.
 * @throws ServiceError `invalid` naming the nodes
 */
export async function assertUsableCredentials(tx: Db, caller: Caller, graph: Graph, flowId: string): Promise<void> {
  const references = namedCredentials(graph);
  if (references.length === 0) return;
  const flow = await tx.flow.findFirst({ where: { id: flowId, organizationId: caller.organizationId }, select: { draft: true } });
  if (!flow) return;
  const known = new Set(namedCredentials(graphSchema.parse(flow.draft)).map(({ id }) => id));
  const added = references.filter(({ id }) => !known.has(id));
  if (added.length === 0) return;
  const rows = await tx.credential.findMany({
    where: { organizationId: caller.organizationId, id: { in: [...new Set(added.map(({ id }) => id))] } },
  });
  const isUsable = (id: string): boolean => {
    const row = rows.find((each) => each.id === id);
    return row !== undefined && mayUse(caller, row) && (row.flowIds.length === 0 || row.flowIds.includes(flowId));
  };
  const issues: Issue[] = added
    .filter(({ id }) => !isUsable(id))
    .map(({ node, slot }) => ({
      field: `credentials.${slot}`,
      node,
      code: "credential",
      message: `the credential of "${node}" does not exist, or you may not use it here: choose another one`,
    }));
  if (issues.length > 0) throw new ServiceError("invalid", issues.map(({ message }) => message).join("; "), { issues });
}

/** A graph that comes from elsewhere, without credentials that the caller may not use: their names stay, to choose by. */
export async function withUsableCredentials(tx: Db, caller: Caller, graph: Graph): Promise<Graph> {
  const ids = namedCredentials(graph).map(({ id }) => id);
  if (ids.length === 0) return graph;
  const rows = await tx.credential.findMany({ where: { organizationId: caller.organizationId, id: { in: ids } } });
  const usable = new Set(rows.filter((row) => mayUse(caller, row) && row.flowIds.length === 0).map(({ id }) => id));
  return keepingCredentials(graph, (id) => usable.has(id));
}
