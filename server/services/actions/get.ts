import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { type ActionDetail, toActionDetail } from "../tools/types";
import { findAction } from "./find";

export const actionIdSchema = z.object({ id: idSchema });

/** One action of the organization, whole. */
export async function getAction({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof actionIdSchema> }): Promise<ActionDetail> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(actionIdSchema, input);
  const action = await findAction(db(), organizationId, id);
  return toActionDetail(action, action.tool);
}
