import { type CredentialAccess, type CredentialUser, missingCredential } from "@/flow/credentials/access";
import type { CredentialReference, CredentialSlot, CredentialType } from "@/flow/credentials/types";
import { FatalError } from "@/flow/execution/errors";
import type { HttpClient } from "@/flow/node/context";
import type { Hop } from "../http/guarded-client";
import { type PreparingClient, refuseStrays, requestWith } from "./authorized-client";
import { secretsOf } from "./inject";
import type { OpenCredential } from "./open";
import { Redactor } from "./redactor";

/** Where the credentials that nodes name come from. */
export interface CredentialSource {
  /** Null for a reference that names none. @throws FatalError when it cannot be used */
  open(reference: CredentialReference): Promise<OpenCredential | null>;
  /** After a service refused the token: another one, or the same when there is none. */
  renew(credential: OpenCredential): Promise<OpenCredential>;
}

/** An opened credential serves an execution so long before its source is asked again: what was taken back ends within it. */
const TRUST_MS = 3000;

/** Hears of each use of a credential, and of each time that one could not be used. It is not told any value. */
export type ObserveUse = (use: {
  node: CredentialUser;
  slot: CredentialSlot | undefined;
  /** Null when there was none, or it could not be opened. */
  type: CredentialType | null;
}) => void;

/** How the nodes of one execution use the credentials of a source: bound to their hosts, and redacted from all that is kept. */
export function createCredentialAccess(source: CredentialSource, http: PreparingClient, observe: ObserveUse = () => {}): CredentialAccess {
  const redactor = new Redactor();
  const opened = new Map<string, { credential: OpenCredential; at: number }>();
  const all = (): OpenCredential[] => [...opened.values()].map(({ credential }) => credential);

  function keep(credential: OpenCredential): void {
    opened.set(credential.id, { credential, at: Date.now() });
    redactor.add(secretsOf(credential));
  }

  async function inSlot(node: CredentialUser, slotName: string): Promise<OpenCredential | null> {
    const slot = node.slots.find(({ name }) => name === slotName);
    try {
      const credential = await find(node, slotName, slot);
      if (credential) observe({ node, slot, type: credential.type });
      return credential;
    } catch (error) {
      observe({ node, slot, type: null });
      throw error;
    }
  }

  /** Null when none is chosen and none is needed. */
  async function find(node: CredentialUser, slotName: string, slot: CredentialSlot | undefined): Promise<OpenCredential | null> {
    const reference = node.credentials?.[slotName];
    const known = reference?.id === undefined ? undefined : opened.get(reference.id);
    const isKnown = known !== undefined && Date.now() - known.at < TRUST_MS;
    const credential = isKnown ? known.credential : reference ? await source.open(reference) : null;
    if (!credential) {
      if (slot?.required) throw new FatalError(missingCredential(node.name, slot, reference));
      return null;
    }
    if (!isKnown) keep(credential);
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
      const renewed = await source.renew(credential);
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
