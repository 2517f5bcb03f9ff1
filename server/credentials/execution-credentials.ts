import type { CredentialAccess } from "@/flow/credentials/access";
import { FatalError } from "@/flow/execution/errors";
import type { Credential } from "@/prisma/generated/client";
import { db } from "../db";
import { patiently } from "../execution/patience";
import { metrics } from "../metrics/metrics";
import { freshToken, isFresh } from "../oauth/refresh";
import { UnreadableSecretError } from "../secrets/envelope";
import type { PreparingClient } from "./authorized-client";
import { createCredentialAccess } from "./credential-access";
import { openCredential } from "./open";

const USED_MS = 60_000;

interface Execution {
  organizationId: string;
  flowId: string;
}

/**
 * How the nodes of one execution use the organization's credentials. A credential of another organization, or one that is not
 * shared with the flow, is as good as none.
 */
export function createExecutionCredentials({ organizationId, flowId }: Execution, http: PreparingClient): CredentialAccess {
  return createCredentialAccess(
    {
      // By id alone: a name says what a person chose elsewhere, and may be another credential's here.
      async open({ id }) {
        if (!id) return null;
        const row = await patiently(() => db().credential.findFirst({ where: { id, organizationId } }));
        assertUsable(row, flowId);
        try {
          const credential =
            row.type === "oauth2" && !isFresh(row) ? await freshToken(id, organizationId, { http }) : await openCredential(row);
          noteUse(row);
          return credential;
        } catch (error) {
          if (error instanceof UnreadableSecretError)
            throw new FatalError(`The credential "${row.name}" cannot be opened. ${error.message}.`);
          throw error;
        }
      },
      renew: ({ id, version }) => freshToken(id, organizationId, { http, refused: version }),
    },
    http,
    ({ node, slot, type }) => {
      const status = type === null ? "error" : "success";
      const authType = type ?? "unknown";
      if (slot?.tool !== undefined) metrics.actionCredentials.add({ orgId: organizationId, toolKey: slot.tool, authType, status });
      if (type !== null && node.id !== undefined) metrics.credentials.add({ orgId: organizationId, stepId: node.id, authType });
    },
  );
}

/** @throws FatalError when the flow may not use it. One text for all that does not exist for it. */
function assertUsable(row: Credential | null, flowId: string): asserts row is Credential {
  if (!row || (row.flowIds.length > 0 && !row.flowIds.includes(flowId))) {
    throw new FatalError("The credential that the node names does not exist, or is not shared with this flow. Choose another one");
  }
  if (row.expiresAt && row.expiresAt.getTime() <= Date.now()) {
    throw new FatalError(
      `The credential "${row.name}" expired on ${row.expiresAt.toISOString().slice(0, 10)}. Rotate it, or give it another date`,
    );
  }
  if (row.status !== "active") {
    throw new FatalError(`The credential "${row.name}" has to be connected again. Open Credentials and reconnect it.`);
  }
}

/** When it was last used: to the minute, and not worth waiting for. */
function noteUse(row: Credential): void {
  if (row.lastUsedAt && Date.now() - row.lastUsedAt.getTime() < USED_MS) return;
  db()
    .credential.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(), updatedAt: row.updatedAt } })
    .catch(() => {});
}
