import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from "./event-types";
import { findWebhook } from "./find";
import { headerNamesOf } from "./secrets";
import { deliverySummaryOf, summaryOf, type WebhookDeliverySummary, type WebhookSummary } from "./types";
import { webhookIdSchema } from "./update";

export const listWebhooksSchema = z.object({
  /** Those that are told of this. */
  eventType: z.string().max(100).optional(),
});

/** The organization's webhooks, the newest first. */
export async function listWebhooks({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof listWebhooksSchema>;
}): Promise<{ webhooks: WebhookSummary[] }> {
  const { organizationId } = authorize(ctx, "admin");
  const { eventType } = parse(listWebhooksSchema, input);
  const rows = await db().webhook.findMany({
    where: { organizationId, ...(eventType && { eventTypes: { has: eventType } }) },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 500,
  });
  return { webhooks: rows.map((row) => summaryOf(row, headerNamesOf(row))) };
}

export async function getWebhook({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof webhookIdSchema> }): Promise<WebhookSummary> {
  const { organizationId } = authorize(ctx, "admin");
  const row = await findWebhook(db(), organizationId, parse(webhookIdSchema, input).id);
  return summaryOf(row, headerNamesOf(row));
}

/** What a webhook can be told of. */
export function listWebhookEventTypes({ ctx }: { ctx: ServiceContext }): { eventTypes: { name: WebhookEventType; description: string }[] } {
  authorize(ctx, "viewer");
  return {
    eventTypes: Object.entries(WEBHOOK_EVENT_TYPES).map(([name, description]) => ({ name: name as WebhookEventType, description })),
  };
}

/** Messages to a webhook, the newest 100, with what became of each. */
export async function listWebhookDeliveries({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof webhookIdSchema>;
}): Promise<{ deliveries: WebhookDeliverySummary[] }> {
  const { organizationId } = authorize(ctx, "admin");
  const { id } = await findWebhook(db(), organizationId, parse(webhookIdSchema, input).id);
  const rows = await db().webhookDelivery.findMany({
    where: { webhookId: id, organizationId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 100,
    omit: { payload: true, responseExcerpt: true },
  });
  return { deliveries: rows.map(deliverySummaryOf) };
}
