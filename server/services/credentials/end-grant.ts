import type { Credential } from "@/prisma/generated/client";
import { appUrl } from "@/server/auth/settings";
import { type Db, db } from "@/server/db";
import { logger } from "@/server/logger";
import { queueMail } from "@/server/mail/queue";
import { recordAudit } from "../audit/record";
import { emitWebhookEvent } from "../webhooks/emit";

const LONGEST_REASON = 500;

/**
 * Notes that a provider accepts a connected account no more: it has to be connected again. With the note go the audit entry, the
 * message to webhooks and the mails to its owner and the admins, in one transaction: once for each time that it happens, however
 * many find out at the same time, and all or nothing of it.
 */
export async function endGrant(row: Credential, reason: string): Promise<void> {
  const { id, organizationId, name, version } = row;
  const statusReason = reason.slice(0, LONGEST_REASON);
  const isNew = await db().$transaction(async (tx) => {
    const { count } = await tx.credential.updateMany({
      where: { id, version, status: "active" },
      data: { status: "reconnect_required", statusReason, leaseId: null, leaseUntil: null },
    });
    if (count === 0) return false;
    const system = { organizationId, name: "system" };
    await recordAudit(tx, system, { action: "credential.reconnectRequired", target: `credential:${id}`, data: { name } });
    // The version grows when it is connected again.
    const key = `credential.reconnect_required ${id} ${version}`;
    const { provider, toolKey } = row;
    const data = { credentialId: id, name, provider, toolKey, status: "reconnect_required", reason: statusReason };
    await emitWebhookEvent(tx, { organizationId, eventType: "credential.reconnect_required", key, data });
    await queueMail(tx, { organizationId, key, ...(await mailOf(tx, row, statusReason)) });
    return true;
  });
  if (isNew) logger.warn({ organizationId, credentialId: id }, "a credential has to be connected again");
}

async function mailOf(tx: Db, row: Credential, reason: string): Promise<{ userIds: string[]; subject: string; body: string }> {
  const members = await tx.member.findMany({
    where: { organizationId: row.organizationId, OR: [{ role: { in: ["owner", "admin"] } }, { userId: row.ownerId ?? "" }] },
    select: { userId: true, organization: { select: { name: true } } },
  });
  const organization = members[0]?.organization.name ?? "";
  return {
    userIds: members.map(({ userId }) => userId),
    subject: `Connect "${row.name}" again`,
    body: [
      `The account "${row.name}" of the organization "${organization}" has to be connected again: its provider does not accept it any more.`,
      `What it said: ${reason}`,
      "Steps of flows that use it fail until then.",
      `Connect it again: ${new URL("/credentials", appUrl()).href}`,
      "You get this mail because the credential is yours, or because you look after the organization.",
    ].join("\n\n"),
  };
}
