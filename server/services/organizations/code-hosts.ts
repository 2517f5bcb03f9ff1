import { z } from "zod";
import { parseBoundHost } from "@/flow/credentials/hosts";
import { db } from "@/server/db";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";

const hostSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(260)
  .refine((host) => parseBoundHost(host) !== null, "is not a host: write api.example.com, *.example.com or http://localhost:8080");

export const setCodeHostsSchema = z.object({
  hosts: z
    .array(hostSchema)
    .max(100, "must be at most 100")
    .transform((hosts) => [...new Set(hosts)]),
});

/** Where code in Code nodes may send requests. None: it has no network. */
export interface CodeHosts {
  hosts: string[];
}

export async function getCodeHosts({ ctx }: { ctx: ServiceContext }): Promise<CodeHosts> {
  const { organizationId } = authorize(ctx, "viewer");
  return { hosts: await codeHostsOf(organizationId) };
}

/** Counts for every request from then on, of executions under way too. */
export async function setCodeHosts({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof setCodeHostsSchema> }): Promise<CodeHosts> {
  const caller = authorize(ctx, "admin");
  const { hosts } = parse(setCodeHostsSchema, input);
  return db().$transaction(async (tx) => {
    const { codeHosts: before } = await tx.organization.findUniqueOrThrow({
      where: { id: caller.organizationId },
      select: { codeHosts: true },
    });
    await tx.organization.update({ where: { id: caller.organizationId }, data: { codeHosts: hosts } });
    const target = `organization:${caller.organizationId}`;
    await recordAudit(tx, caller, { action: "organization.setCodeHosts", target, data: { before, hosts } });
    return { hosts };
  });
}

/** For executions, which ask when their code wants to go out. */
export async function codeHostsOf(organizationId: string): Promise<string[]> {
  const organization = await db().organization.findUnique({ where: { id: organizationId }, select: { codeHosts: true } });
  return organization?.codeHosts ?? [];
}
