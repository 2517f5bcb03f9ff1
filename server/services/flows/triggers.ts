import type { Graph } from "@/flow/graph/schema";
import type { Flow } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { pageUrl, testPageUrl, testWebhookUrl, webhookUrl } from "@/server/triggers/urls";
import { pollStatusOf } from "../triggers/poll-status";
import { scheduleStatusOf } from "../triggers/schedule-status";
import type { FlowTrigger } from "./types";

/** Registrations of the trigger nodes of a flow's draft, and of those that only its published version has left. */
export async function listTriggers(tx: Db, flow: Pick<Flow, "id" | "active">, draft: Graph): Promise<FlowTrigger[]> {
  const rows = await tx.trigger.findMany({
    where: { flowId: flow.id, OR: [{ active: true }, { nodeId: { in: draft.nodes.map((node) => node.id) } }] },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    include: { poll: true },
  });
  return rows.map((row) => ({
    id: row.id,
    nodeId: row.nodeId,
    type: row.type as FlowTrigger["type"],
    ...urlsOf(row, draft.nodes.find((node) => node.id === row.nodeId)?.parameters.path),
    hasSecret: row.secret !== null,
    active: row.active && flow.active,
    nextAt: (row.type === "poll" ? row.poll?.nextAt : row.nextAt)?.toISOString() ?? null,
    poll: row.type === "poll" ? pollStatusOf(row.poll, row.active && flow.active) : null,
    schedule: row.type === "schedule" ? scheduleStatusOf(row, row.active && flow.active) : null,
  }));
}

function urlsOf({ id, type }: { id: string; type: string }, path: unknown): Pick<FlowTrigger, "url" | "testUrl"> {
  if (type === "webhook") {
    const below = typeof path === "string" && path.trim() !== "" ? `/${path.trim().replace(/^\/+|\/+$/g, "")}` : "";
    return { url: webhookUrl(id) + below, testUrl: testWebhookUrl(id) + below };
  }
  if (type === "form" || type === "chat") return { url: pageUrl(type, id), testUrl: testPageUrl(type, id) };
  return { url: null, testUrl: null };
}
