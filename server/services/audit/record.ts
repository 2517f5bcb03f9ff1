import type { Prisma } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import type { Caller } from "../authorize";

export interface AuditEntry {
  /** `flow.publish` */
  action: string;
  /** `flow:…` */
  target: string;
  /** What changed. Never a secret. */
  data?: Prisma.InputJsonObject;
}

/** Last line of every verb that wrote, in the write's own transaction. */
export async function recordAudit(tx: Db, caller: Pick<Caller, "organizationId" | "name">, entry: AuditEntry): Promise<void> {
  await tx.auditLog.create({ data: { organizationId: caller.organizationId, actor: caller.name, ...entry } });
}
