import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import type { WebhookDelivery } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import { findWebhook } from "./find";
import { shownHeaders } from "./headers";
import { headerNamesOf } from "./secrets";
import { deliverySummaryOf, type WebhookDeliveryDetail } from "./types";

export const webhookDeliverySchema = z.object({
  /** Of the webhook. */
  id: idSchema,
  deliveryId: idSchema,
});

/** @throws ServiceError `not_found` for a message of another webhook or organization, or none. */
export async function findDelivery(
  tx: Pick<ReturnType<typeof db>, "webhookDelivery">,
  { organizationId, id, deliveryId }: { organizationId: string; id: string; deliveryId: string },
): Promise<WebhookDelivery> {
  const row = await tx.webhookDelivery.findFirst({ where: { id: deliveryId, webhookId: id, organizationId } });
  if (!row) throw notFound("Message");
  return row;
}

/** A message to a webhook: what was sent, and what came back at last. */
export async function getWebhookDelivery({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof webhookDeliverySchema>;
}): Promise<WebhookDeliveryDetail> {
  const { organizationId } = authorize(ctx, "admin");
  const { id, deliveryId } = parse(webhookDeliverySchema, input);
  const webhook = await findWebhook(db(), organizationId, id);
  const row = await findDelivery(db(), { organizationId, id, deliveryId });
  const { eventType, payload, responseExcerpt } = row;
  return {
    ...deliverySummaryOf(row),
    payload: JSON.parse(payload) as JsonObject,
    headers: shownHeaders({ id: deliveryId, eventType, headerNames: headerNamesOf(webhook), hasSecret: webhook.secret !== null }),
    responseExcerpt,
  };
}
