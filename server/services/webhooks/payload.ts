import type { JsonObject } from "@/flow/item";
import type { WebhookEventType } from "./event-types";

interface About {
  eventType: WebhookEventType;
  /** When it happened, in milliseconds. */
  at: number;
  organizationId: string;
  webhookId: string;
  deliveryId: string;
}

/** Body of a message, as JSON text. */
export const payloadOf = ({ eventType, at, organizationId, webhookId, deliveryId }: About, data: JsonObject): string =>
  JSON.stringify({
    eventType,
    timestamp: at,
    data: { orgId: organizationId, ...data },
    metadata: { orgId: organizationId, webhookId, deliveryId },
  });
