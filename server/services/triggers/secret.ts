import { z } from "zod";
import { db } from "@/server/db";
import { sealTriggerSecret } from "@/server/triggers/trigger-secret";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { findTrigger } from "./find";

export const setTriggerSecretSchema = z.object({
  id: idSchema,
  /** Null takes it away: a webhook that checks its callers then refuses all of them. */
  secret: z.string().min(8, "must be at least 8 characters long").max(4096, "must be at most 4096 characters long").nullable(),
});

/**
 * Sets what callers of a webhook prove themselves with. It counts from the next call on, is sealed in the database and never
 * answered again.
 */
export async function setTriggerSecret({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setTriggerSecretSchema>;
}): Promise<{ id: string; hasSecret: boolean }> {
  const caller = authorize(ctx, "editor");
  const { id, secret } = parse(setTriggerSecretSchema, input);
  return db().$transaction(async (tx) => {
    const trigger = await findTrigger(tx, caller.organizationId, id);
    if (!["webhook", "form", "chat"].includes(trigger.type)) {
      throw new ServiceError("conflict", "Only a webhook, a form or a chat has a secret.");
    }
    const sealed = secret === null ? null : sealTriggerSecret(secret, { organizationId: caller.organizationId, triggerId: id });
    await tx.trigger.update({ where: { id }, data: { secret: sealed } });
    await recordAudit(tx, caller, {
      action: secret === null ? "trigger.removeSecret" : "trigger.setSecret",
      target: `trigger:${id}`,
      data: { flowId: trigger.flowId },
    });
    return { id, hasSecret: secret !== null };
  });
}
