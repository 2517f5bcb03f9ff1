/** How a credential proves who calls. */
export const CREDENTIAL_TYPES = ["oauth2", "api_key", "basic_auth", "bearer", "custom"] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/** A place in a node for a credential; the node names the one in it by `credentials[slot.name]`. */
export interface CredentialSlot {
  name: string;
  /** What the form calls it; the tool's name or "Credential" without one. */
  label?: string;
  /** The ones that fit. */
  types: CredentialType[];
  /** Key of the catalog tool whose credentials fit; absent: those of any. */
  tool?: string;
  /** Key of the kind of server whose credentials fit (`CREDENTIAL_KINDS`): a new one is asked for by its fields. */
  kind?: string;
  /** The node cannot run without one. */
  required?: boolean;
  /** What an OAuth credential must have been granted; the form asks for what is missing. */
  scopes?: string[];
}

/** What a node says of a credential that it uses. */
export interface CredentialReference {
  id?: string | undefined;
  name?: string | undefined;
}
