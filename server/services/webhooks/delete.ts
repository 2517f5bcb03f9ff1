import type { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { parse } from "../parse";
import { findWebhook } from "./find";
import { webhookIdSchema } from "./update";

/** Deletes a webhook with the log of its messages; those that are under way are not sent any more. */
export async function deleteWebhook({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof webhookIdSchema>;
}): Promise<{ id: string }> {
  const caller = authorize(ctx, "admin");
  const { id } = parse(webhookIdSchema, input);
  return db().$transaction(async (tx) => {
    const { name, url } = await findWebhook(tx, caller.organizationId, id);
    // Somebody else may be quicker.
    const { count } = await tx.webhook.deleteMany({ where: { id, organizationId: caller.organizationId } });
    if (count === 0) throw notFound("Webhook");
    await recordAudit(tx, caller, { action: "webhook.delete", target: `webhook:${id}`, data: { name, url } });
    return { id };
  });
}
