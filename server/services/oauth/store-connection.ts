import { db } from "@/server/db";
import type { OAuthClient, TokenSet } from "@/server/oauth/client";
import { tokenColumns } from "@/server/oauth/refresh";
import { recordAudit } from "../audit/record";
import type { Caller } from "../authorize";
import { findManageable } from "../credentials/find";
import type { Connection } from "./begin";

/** Keeps the tokens of an account that was connected: in a new credential, or in the one that was connected again. */
export async function storeConnection(
  caller: Caller,
  client: OAuthClient,
  connection: Connection,
  tokens: TokenSet,
): Promise<{ credentialId: string; toolKey: string }> {
  const { credentialId: id, isNew, name, toolId, toolKey, scopes, allowedHosts } = connection;
  const { organizationId } = caller;
  const grant =
    client.grant === "client_credentials"
      ? "client_credentials"
      : client.provider.refresh === "exchange"
        ? "exchange"
        : "authorization_code";
  const columns = await tokenColumns({ organizationId, credentialId: id }, tokens, { grant });
  const values = { ...columns, scopes: tokens.scopes ?? scopes, allowedHosts, provider: client.key, status: "active", statusReason: null };
  await db().$transaction(async (tx) => {
    if (isNew) {
      await tx.credential.create({
        data: { id, organizationId, name, type: "oauth2", toolId, toolKey, ownerId: caller.userId, ...values },
      });
    } else {
      await findManageable(tx, caller, id);
      await tx.credential.update({
        where: { id },
        data: { ...values, version: { increment: 1 }, rotatedAt: new Date(), leaseId: null, leaseUntil: null },
      });
    }
    await recordAudit(tx, caller, {
      action: isNew ? "credential.connect" : "credential.reconnect",
      target: `credential:${id}`,
      data: { name, provider: client.key, scopes: values.scopes },
    });
  });
  return { credentialId: id, toolKey: toolKey ?? client.provider.key };
}
