import { z } from "zod";
import type { Json } from "@/flow/item";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { decodeCursor, encodeCursor } from "../cursor";
import { parse } from "../parse";

export const listAuditSchema = z.object({
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});

const cursorSchema = z.string().regex(/^\d{1,18}$/);

export interface AuditRecord {
  id: string;
  /** `user:…`, `apiKey:…` or `system`. */
  actor: string;
  /** Name or e-mail address, while the person is a member; the key's name. */
  actorName: string | null;
  action: string;
  target: string;
  data: Json;
  at: string;
}

/** What was changed in the organization, newest first. */
export async function listAudit({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof listAuditSchema> }): Promise<{
  records: AuditRecord[];
  nextCursor: string | null;
}> {
  const caller = authorize(ctx, "admin");
  const { cursor, limit } = parse(listAuditSchema, input);
  const rows = await db().auditLog.findMany({
    where: { organizationId: caller.organizationId, ...(cursor && { id: { lt: BigInt(decodeCursor(cursorSchema, cursor)) } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const names = await actorNames(
    caller.organizationId,
    page.map((row) => row.actor),
  );
  const end = rows.length > limit ? page.at(-1) : undefined;
  return {
    records: page.map((row) => ({
      id: String(row.id),
      actor: row.actor,
      actorName: names.get(row.actor) ?? null,
      action: row.action,
      target: row.target,
      data: row.data as Json,
      at: row.at.toISOString(),
    })),
    nextCursor: end ? encodeCursor(String(end.id)) : null,
  };
}

async function actorNames(organizationId: string, actors: string[]): Promise<Map<string, string>> {
  const ids = (kind: string) => [...new Set(actors)].filter((actor) => actor.startsWith(kind)).map((actor) => actor.slice(kind.length));
  const [members, keys] = await Promise.all([
    db().member.findMany({
      where: { organizationId, userId: { in: ids("user:") } },
      select: { user: { select: { id: true, name: true, email: true } } },
    }),
    db().apiKey.findMany({ where: { organizationId, id: { in: ids("apiKey:") } }, select: { id: true, name: true } }),
  ]);
  return new Map([
    ...members.map(({ user }): [string, string] => [`user:${user.id}`, user.name ?? user.email]),
    ...keys.map(({ id, name }): [string, string] => [`apiKey:${id}`, name]),
  ]);
}
