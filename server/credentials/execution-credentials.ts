import { type CredentialAccess, type CredentialUser, missingCredential } from "@/flow/credentials/access";
import type { CredentialType } from "@/flow/credentials/types";
import { FatalError } from "@/flow/execution/errors";
import type { HttpClient } from "@/flow/node/context";
import type { Credential } from "@/prisma/generated/client";
import { db } from "../db";
import type { Hop } from "../http/guarded-client";
import { freshToken, isFresh } from "../oauth/refresh";
import { UnreadableSecretError } from "../secrets/envelope";
import { type PreparingClient, refuseStrays, requestWith } from "./authorized-client";
import { secretsOf } from "./inject";
import { type OpenCredential, openCredential } from "./open";
import { Redactor } from "./redactor";

/** An opened credential serves an execution so long before its row is looked at again: what was taken back ends within it. */
const TRUST_MS = 3000;
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
  const redactor = new Redactor();
  const opened = new Map<string, { credential: OpenCredential; at: number }>();
  const all = (): OpenCredential[] => [...opened.values()].map(({ credential }) => credential);

  async function find(id: string): Promise<OpenCredential> {
    const known = opened.get(id);
    if (known && Date.now() - known.at < TRUST_MS) return known.credential;
    const row = await db().credential.findFirst({ where: { id, organizationId } });
    assertUsable(row, flowId);
    try {
      const credential =
        row.type === "oauth2" && !isFresh(row) ? await freshToken(id, organizationId, { http }) : await openCredential(row);
      keep(credential);
      noteUse(row);
      return credential;
    } catch (error) {
      if (error instanceof UnreadableSecretError) throw new FatalError(`The credential "${row.name}" cannot be opened. ${error.message}.`);
      throw error;
    }
  }

  function keep(credential: OpenCredential): void {
    opened.set(credential.id, { credential, at: Date.now() });
    redactor.add(secretsOf(credential));
  }

  /** Null when none is chosen and none is needed. */
  async function inSlot(node: CredentialUser, slotName: string): Promise<OpenCredential | null> {
    const slot = node.slots.find(({ name }) => name === slotName);
    const reference = node.credentials?.[slotName];
    if (!reference?.id) {
      if (slot?.required) throw new FatalError(missingCredential(node.name, slot, reference));
      return null;
    }
    const credential = await find(reference.id);
    if (slot && slot.types.length > 0 && !slot.types.includes(credential.type as CredentialType)) {
      throw new FatalError(
        `The credential "${credential.name}" is of the type ${credential.type}; the node "${node.name}" takes ${slot.types.join(", ")}`,
      );
    }
    return credential;
  }

  const guardHop = (hop: Hop): Hop => {
    refuseStrays(hop, all());
    return hop;
  };

  const clientFor = (node: CredentialUser): HttpClient => ({
    async request(request, signal) {
      const credential = request.credential === undefined ? null : await inSlot(node, request.credential);
      if (!credential) {
        const { credential: _, credentialFields, ...bare } = request;
        if (credentialFields && Object.keys(credentialFields).length > 0) {
          const slot = node.slots.find(({ name }) => name === request.credential);
          throw new FatalError(missingCredential(node.name, slot, node.credentials?.[request.credential ?? ""]));
        }
        return http.request(opened.size === 0 ? bare : { ...bare, prepare: guardHop }, signal);
      }
      const use = { redactor, opened: all, signal };
      const response = await requestWith(http, request, credential, use);
      if (response.status !== 401 || credential.type !== "oauth2") return response;
      // The token may have been withdrawn before its time: asked for a new one, once.
      const renewed = await freshToken(credential.id, organizationId, { http, refused: credential.version });
      if (renewed.version === credential.version) return response;
      keep(renewed);
      return requestWith(http, request, renewed, use);
    },
  });

  return {
    clientFor,
    async fields(node, slot) {
      const credential = await inSlot(node, slot);
      return credential && { ...credential.fields };
    },
    redact: (value) => redactor.redact(value),
  };
}

/** @throws FatalError when the flow may not use it. One text for all that does not exist for it. */
export function assertUsable(row: Credential | null, flowId: string): asserts row is Credential {
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
