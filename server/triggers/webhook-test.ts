import { graphSchema } from "@/flow/graph/schema";
import { webhookTrigger } from "@/nodes/webhook-trigger/definition";
import { db } from "../db";
import { ServiceError } from "../services/errors";
import type { HoldingWebhook } from "./webhook-registry";

/**
 * The webhook as the draft has it now, published or not.
 * @throws ServiceError `conflict` while the draft's settings are no settings
 */
export async function findTestWebhook(triggerId: string): Promise<HoldingWebhook | null> {
  if (!/^[\w-]{1,100}$/.test(triggerId)) return null;
  const trigger = await db().trigger.findFirst({
    where: { id: triggerId, flow: { deletedAt: null } },
    include: { flow: { select: { draft: true } } },
  });
  const node = trigger && graphSchema.parse(trigger.flow.draft).nodes.find(({ id }) => id === trigger.nodeId);
  if (!node || node.type !== webhookTrigger.type) return null;
  const settings = webhookTrigger.parameters.safeParse(node.parameters);
  if (!settings.success) throw new ServiceError("conflict", "The settings of this webhook are unfinished: see its node in the editor.");
  const { organizationId, flowId, secret } = trigger;
  return { triggerId, heldFor: "test", organizationId, flowId, settings: settings.data, secret };
}
