import { z } from "zod";
import { db } from "@/server/db";
import { newSlug } from "../accounts/create-account";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { line, parse } from "../parse";

export const createOrganizationSchema = z.object({ name: line(100) });

const MAX_OWNED = 50;

/**
 * A further organization, which the caller owns. Any person may: it takes nothing from the one that they are working in.
 * @throws ServiceError `forbidden` for API keys, which act within their organization; `conflict` beyond 50 owned ones.
 */
export async function createOrganization({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof createOrganizationSchema>;
}): Promise<{ id: string; name: string }> {
  const { userId, name: actor } = authorize(ctx, "viewer");
  if (userId === null) throw new ServiceError("forbidden", "Organizations are made by people.");
  const { name } = parse(createOrganizationSchema, input);
  return db().$transaction(async (tx) => {
    await tx.$queryRaw`select id from "user" where id = ${userId} for update`;
    if ((await tx.member.count({ where: { userId, role: "owner" } })) >= MAX_OWNED) {
      throw new ServiceError("conflict", `You own ${MAX_OWNED} organizations already.`);
    }
    const { id } = await tx.organization.create({ data: { name, slug: newSlug(name), members: { create: { userId, role: "owner" } } } });
    await recordAudit(
      tx,
      { organizationId: id, name: actor },
      { action: "organization.create", target: `organization:${id}`, data: { name } },
    );
    return { id, name };
  });
}
