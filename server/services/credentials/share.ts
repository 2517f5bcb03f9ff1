import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { findManageable } from "./find";
import { type CredentialView, viewOf } from "./types";

export const sharingSchema = z.object({
  /** Lowest role that may put it into flows; whoever made it always may. */
  minRole: z.enum(["editor", "admin", "owner"]).optional(),
  /** Flows that may use it; none: all. */
  flowIds: z.array(idSchema).max(1000).optional(),
});

export const shareCredentialSchema = z.object({ id: idSchema, ...sharingSchema.shape });

/** Says who may use a credential, and in which flows. It counts within seconds, for executions under way too. */
export async function shareCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof shareCredentialSchema>;
}): Promise<CredentialView> {
  const caller = authorize(ctx, "editor");
  const { id, minRole, flowIds } = parse(shareCredentialSchema, input);
  return db().$transaction(async (tx) => {
    const found = await findManageable(tx, caller, id);
    if (flowIds && flowIds.length > 0) {
      const known = await tx.flow.findMany({
        where: { id: { in: flowIds }, organizationId: caller.organizationId, deletedAt: null },
        select: { id: true },
      });
      const missing = flowIds.find((flowId) => !known.some((flow) => flow.id === flowId));
      if (missing !== undefined) throw new ServiceError("invalid", "flowIds: names a flow that does not exist");
    }
    const row = await tx.credential.update({
      where: { id: found.id },
      data: { ...(minRole && { minRole }), ...(flowIds && { flowIds: [...new Set(flowIds)] }) },
    });
    await recordAudit(tx, caller, {
      action: "credential.share",
      target: `credential:${id}`,
      data: { minRole: row.minRole, flowIds: row.flowIds },
    });
    return viewOf(row, caller);
  });
}
