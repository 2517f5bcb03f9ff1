import type { HttpClient } from "../node/context";
import type { CredentialReference, CredentialSlot } from "./types";

/** A node as far as its credentials go. */
export interface CredentialUser {
  /** Of the node; absent outside of flows. */
  id?: string;
  name: string;
  credentials?: Record<string, CredentialReference> | undefined;
  slots: readonly CredentialSlot[];
}

/** How the nodes of one execution use credentials. The secrets stay behind this port. */
export interface CredentialAccess {
  /** The client for a node's requests: adds what `HttpRequest.credential` says, to hosts that the credential is bound to only. */
  clientFor(node: CredentialUser): HttpClient;
  /**
   * The fields of the credential in a slot, for protocols that are not HTTP; null when none is chosen. Whatever was given is
   * redacted from then on.
   * @throws FatalError when it is missing though required, cannot be used by this flow, or cannot be opened.
   */
  fields(node: CredentialUser, slot: string): Promise<Record<string, string> | null>;
  /** The value without anything that a credential supplied in this execution; the same value when there is nothing to take out. */
  redact<T>(value: T): T;
}

/** The names of what a slot asks for, when no credential is chosen. */
export const missingCredential = (node: string, slot: CredentialSlot | undefined, reference: CredentialReference | undefined): string => {
  const what = slot?.label ?? slot?.tool ?? slot?.name ?? "it";
  const earlier = reference?.name ? ` (it was called "${reference.name}" where the flow came from)` : "";
  return `Choose a credential for ${what} in the node "${node}"${earlier}`;
};
