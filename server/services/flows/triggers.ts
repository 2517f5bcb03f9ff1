import type { Flow } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { webhookUrl } from "@/server/triggers/urls";
import type { FlowTrigger } from "./types";

/** Registrations of a flow's trigger nodes, those of its draft included. */
export async function listTriggers(tx: Db, flow: Pick<Flow, "id" | "active">): Promise<FlowTrigger[]> {
  const rows = await tx.trigger.findMany({ where: { flowId: flow.id }, orderBy: { createdAt: "asc" } });
  return rows.map((row) => ({
    id: row.id,
    nodeId: row.nodeId,
    type: row.type as FlowTrigger["type"],
    url: row.type === "webhook" ? webhookUrl(row.id) : null,
    active: row.active && flow.active,
    nextAt: row.nextAt?.toISOString() ?? null,
  }));
}
