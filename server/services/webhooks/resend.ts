import type { z } from "zod";
import type { HttpClient } from "@/flow/node/context";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { attemptDelivery } from "./deliver";
import { findDelivery, webhookDeliverySchema } from "./delivery";
import { findWebhook } from "./find";
import { webhookHttp } from "./http";
import { deliverySummaryOf, type WebhookDeliverySummary } from "./types";

/** So that nobody else sends it meanwhile. */
const ASIDE_MS = 60_000;

/**
 * Sends a message that was settled once more, now, and says what became of it: the same body and id, signed anew. It is one
 * attempt: who sends it sees what came of it.
 * @throws ServiceError `conflict` while the message is under way, or its webhook is off
 */
export async function resendDelivery({
  ctx,
  input,
  http = webhookHttp(),
}: {
  ctx: ServiceContext;
  input: z.input<typeof webhookDeliverySchema>;
  http?: HttpClient;
}): Promise<WebhookDeliverySummary> {
  const caller = authorize(ctx, "admin");
  const { id, deliveryId } = parse(webhookDeliverySchema, input);
  const { organizationId } = caller;
  const which = { organizationId, id, deliveryId };
  await db().$transaction(async (tx) => {
    const { enabled } = await findWebhook(tx, organizationId, id);
    const { eventType } = await findDelivery(tx, which);
    if (!enabled && eventType !== "webhook.test") {
      throw new ServiceError("conflict", "The webhook is off. Turn it on first, then send the message again.");
    }
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id: deliveryId, webhookId: id, organizationId, status: { not: "pending" } },
      data: { status: "pending", nextAt: new Date(Date.now() + ASIDE_MS), announcedAt: null, finishedAt: null },
    });
    if (count === 0) throw new ServiceError("conflict", "This message is under way already. Wait until it was delivered or has failed.");
    await recordAudit(tx, caller, { action: "webhook.resend", target: `webhook:${id}`, data: { deliveryId, eventType } });
  });
  await attemptDelivery(http, deliveryId, true);
  await db().webhookDelivery.updateMany({
    where: { id: deliveryId, organizationId, status: "pending" },
    data: { status: "failed", finishedAt: new Date() },
  });
  return deliverySummaryOf(await findDelivery(db(), which));
}
