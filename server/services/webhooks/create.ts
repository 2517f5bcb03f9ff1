import type { z } from "zod";
import { db } from "@/server/db";
import { newWebhookId } from "@/server/execution/ids";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { sealWebhookHeaders, sealWebhookSecret } from "./secrets";
import { createWebhookSchema, summaryOf, type WebhookSummary } from "./types";

/** Webhooks of an organization: each is told everything that it asked for, one message at a time. */
const MOST = 100;

/** Registers an address that is told what happens from now on. The secret is sealed and never answered again. */
export async function createWebhook({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof createWebhookSchema>;
}): Promise<WebhookSummary> {
  const caller = authorize(ctx, "admin");
  const { secret, headers = {}, ...given } = parse(createWebhookSchema, input);
  const { organizationId } = caller;
  return db().$transaction(async (tx) => {
    if ((await tx.webhook.count({ where: { organizationId } })) >= MOST) {
      throw new ServiceError("conflict", `An organization may have ${MOST} webhooks. Delete one that is no longer needed.`);
    }
    const owner = { organizationId, id: newWebhookId() };
    const row = await tx.webhook.create({
      data: {
        ...given,
        ...owner,
        secret: secret ? sealWebhookSecret(secret, owner) : null,
        headers: sealWebhookHeaders(headers, owner),
        createdById: caller.userId,
      },
    });
    await recordAudit(tx, caller, { action: "webhook.create", target: `webhook:${row.id}`, data: { name: row.name, url: row.url } });
    return summaryOf(row, Object.keys(headers));
  });
}
