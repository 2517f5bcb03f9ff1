import type { Webhook } from "@/prisma/generated/client";
import type { db } from "@/server/db";
import { notFound } from "../errors";

/** @throws ServiceError `not_found` for an id of another organization, or none. */
export async function findWebhook(tx: Pick<ReturnType<typeof db>, "webhook">, organizationId: string, id: string): Promise<Webhook> {
  const row = await tx.webhook.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound("Webhook");
  return row;
}
