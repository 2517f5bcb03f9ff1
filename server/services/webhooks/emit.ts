import type { JsonObject } from "@/flow/item";
import type { Db } from "@/server/db";
import { newDeliveryId } from "@/server/execution/ids";
import type { WebhookEventType } from "./event-types";
import { payloadOf } from "./payload";

/** Something that happened outside of executions, whose own happenings are read from their journals. */
export interface WebhookEvent {
  organizationId: string;
  eventType: WebhookEventType;
  /** Names it, so that no webhook is told of it twice. */
  key: string;
  data: JsonObject;
}

/** Writes a message to every webhook that is told of it. It is sent once the transaction has committed, and tried again as any other. */
export async function emitWebhookEvent(tx: Db, { organizationId, eventType, key, data }: WebhookEvent): Promise<void> {
  const webhooks = await tx.webhook.findMany({
    where: { organizationId, enabled: true, eventTypes: { has: eventType } },
    select: { id: true },
  });
  if (webhooks.length === 0) return;
  const at = Date.now();
  await tx.webhookDelivery.createMany({
    data: webhooks.map(({ id: webhookId }) => {
      const deliveryId = newDeliveryId();
      const payload = payloadOf({ eventType, at, organizationId, webhookId, deliveryId }, data);
      return { id: deliveryId, organizationId, webhookId, eventType, key, payload };
    }),
    skipDuplicates: true,
  });
}
