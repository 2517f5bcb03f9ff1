import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findWebhook } from "./find";
import { headerNamesOf, sealWebhookHeaders, sealWebhookSecret } from "./secrets";
import { summaryOf, updateWebhookSchema, type WebhookSummary } from "./types";

/** Changes what is given and leaves the rest. Headers stay behind when it is pointed at another host without them. */
export async function updateWebhook({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof updateWebhookSchema>;
}): Promise<WebhookSummary> {
  const caller = authorize(ctx, "admin");
  const { id, secret, headers, ...changes } = parse(updateWebhookSchema, input);
  const { organizationId } = caller;
  return db().$transaction(async (tx) => {
    const before = await findWebhook(tx, organizationId, id);
    const owner = { organizationId, id };
    // Otherwise whoever may edit a webhook could have its headers, a token perhaps, sent to an address of their own.
    const moves = changes.url !== undefined && new URL(changes.url).origin !== new URL(before.url).origin;
    await tx.webhook.updateMany({
      where: { id, organizationId },
      data: {
        ...changes,
        ...(secret !== undefined && { secret: secret === null ? null : sealWebhookSecret(secret, owner) }),
        ...(headers !== undefined ? { headers: sealWebhookHeaders(headers, owner) } : moves && { headers: null }),
      },
    });
    const row = await findWebhook(tx, organizationId, id);
    await recordAudit(tx, caller, {
      action: "webhook.update",
      target: `webhook:${id}`,
      data: { name: row.name, url: row.url, enabled: row.enabled },
    });
    return summaryOf(row, headerNamesOf(row));
  });
}

export const webhookIdSchema = z.object({ id: idSchema });

/** Turns a webhook off, or on again. What happens meanwhile it is not told of. */
export async function toggleWebhook({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof webhookIdSchema>;
}): Promise<WebhookSummary> {
  const { organizationId } = authorize(ctx, "admin");
  const { id } = parse(webhookIdSchema, input);
  const { enabled } = await findWebhook(db(), organizationId, id);
  return updateWebhook({ ctx, input: { id, enabled: !enabled } });
}
