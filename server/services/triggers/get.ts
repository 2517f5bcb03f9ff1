import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { findTrigger } from "./find";

export const triggerIdSchema = z.object({ id: idSchema });

/** Whether a trigger's secret is set, as it is now; the secret itself is never answered. */
export async function getTrigger({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof triggerIdSchema> }): Promise<{
  id: string;
  flowId: string;
  nodeId: string;
  hasSecret: boolean;
}> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(triggerIdSchema, input);
  const { flowId, nodeId, secret } = await findTrigger(db(), organizationId, id);
  return { id, flowId, nodeId, hasSecret: secret !== null };
}
