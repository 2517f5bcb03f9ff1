import type { z } from "zod";
import type { HttpClient } from "@/flow/node/context";
import { db } from "@/server/db";
import { newDeliveryId } from "@/server/execution/ids";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import { attemptDelivery } from "./deliver";
import { findWebhook } from "./find";
import { webhookHttp } from "./http";
import { payloadOf } from "./payload";
import { webhookIdSchema } from "./update";

/** So that nobody else sends it meanwhile. */
const ASIDE_MS = 60_000;

export interface WebhookTest {
  deliveryId: string;
  delivered: boolean;
  /** What the address answered; null when it could not be reached. */
  responseStatus: number | null;
  error: string | null;
}

/** Sends `webhook.test` now and says what the address answered. It is sent whatever the webhook is told of otherwise. */
export async function testWebhook({
  ctx,
  input,
  http = webhookHttp(),
}: {
  ctx: ServiceContext;
  input: z.input<typeof webhookIdSchema>;
  http?: HttpClient;
}): Promise<WebhookTest> {
  const caller = authorize(ctx, "admin");
  const { id } = parse(webhookIdSchema, input);
  const { organizationId } = caller;
  const deliveryId = newDeliveryId();
  const payload = payloadOf(
    { eventType: "webhook.test", at: Date.now(), organizationId, webhookId: id, deliveryId },
    { message: "A test" },
  );
  await db().$transaction(async (tx) => {
    await findWebhook(tx, organizationId, id);
    await tx.webhookDelivery.create({
      data: {
        id: deliveryId,
        organizationId,
        webhookId: id,
        eventType: "webhook.test",
        payload,
        attempts: 0,
        nextAt: new Date(Date.now() + ASIDE_MS),
      },
    });
    await recordAudit(tx, caller, { action: "webhook.test", target: `webhook:${id}` });
  });
  await attemptDelivery(http, deliveryId, true);
  // A test is one attempt: whoever tries it out sees what came of it and tries again.
  await db().webhookDelivery.updateMany({
    where: { id: deliveryId, status: "pending" },
    data: { status: "failed", finishedAt: new Date() },
  });
  const row = await db().webhookDelivery.findUnique({ where: { id: deliveryId } });
  if (!row) throw notFound("Webhook");
  return { deliveryId, delivered: row.status === "delivered", responseStatus: row.responseStatus, error: row.error };
}
