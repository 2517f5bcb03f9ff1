import { z } from "zod";
import { CREDENTIAL_TYPES } from "@/flow/credentials/types";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { idSchema, parse } from "../parse";
import { type CredentialView, maySee, viewOf } from "./types";

export const listCredentialsSchema = z.object({
  types: z.array(z.enum(CREDENTIAL_TYPES)).max(10).optional(),
  toolId: idSchema.optional(),
  toolKey: z.string().max(200).optional(),
});

const MOST = 1000;

/** The organization's credentials that the caller may see, by name; masked. */
export async function listCredentials({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listCredentialsSchema> }): Promise<{
  credentials: CredentialView[];
}> {
  const caller = authorize(ctx, "viewer");
  const { types, toolId, toolKey } = parse(listCredentialsSchema, input);
  const rows = await db().credential.findMany({
    where: {
      organizationId: caller.organizationId,
      ...(types && { type: { in: types } }),
      ...(toolId && { toolId }),
      ...(toolKey && { toolKey }),
    },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: MOST,
  });
  return { credentials: rows.filter((row) => maySee(caller, row)).map((row) => viewOf(row, caller)) };
}
