import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { line, parse } from "../parse";

export const renameOrganizationSchema = z.object({ name: line(100) });

/** Names the organization. */
export async function renameOrganization({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof renameOrganizationSchema>;
}): Promise<{ id: string; name: string }> {
  const caller = authorize(ctx, "admin");
  const { name } = parse(renameOrganizationSchema, input);
  return db().$transaction(async (tx) => {
    await tx.organization.update({ where: { id: caller.organizationId }, data: { name } });
    await recordAudit(tx, caller, { action: "organization.rename", target: `organization:${caller.organizationId}`, data: { name } });
    return { id: caller.organizationId, name };
  });
}
