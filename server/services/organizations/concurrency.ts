import { z } from "zod";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";

export const setConcurrencySchema = z.object({
  maxConcurrent: z.number().int("must be a whole number").min(1, "must be at least 1").max(1000, "must be at most 1000"),
});

/** How many executions of the organization may run at the same time, over all flows. */
export interface OrganizationConcurrency {
  maxConcurrent: number;
}

export async function getConcurrency({ ctx }: { ctx: ServiceContext }): Promise<OrganizationConcurrency> {
  const { organizationId } = authorize(ctx, "viewer");
  return db().organization.findUniqueOrThrow({ where: { id: organizationId }, select: { maxConcurrent: true } });
}

/** Counts from the next start on; what runs already goes on. */
export async function setConcurrency({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof setConcurrencySchema>;
}): Promise<OrganizationConcurrency> {
  const caller = authorize(ctx, "admin");
  const { maxConcurrent } = parse(setConcurrencySchema, input);
  return db().$transaction(async (tx) => {
    await tx.organization.update({ where: { id: caller.organizationId }, data: { maxConcurrent } });
    const target = `organization:${caller.organizationId}`;
    await recordAudit(tx, caller, { action: "organization.setConcurrency", target, data: { maxConcurrent } });
    return { maxConcurrent };
  });
}
