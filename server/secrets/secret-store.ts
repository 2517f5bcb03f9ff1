import { env } from "../env";
import { awsSecretStore } from "./aws-store";
import { openEnvelope, type SecretOwner, sealEnvelope, UnreadableSecretError } from "./envelope";

export type SecretFields = Record<string, string>;

export interface StoredOwner extends SecretOwner {
  /** Id or key of the tool that the credential is for; part of its name in AWS Secrets Manager. */
  tool?: string | null;
}

/** Where the fields of credentials are kept. What `put` returns stays in the credential's row and leads back to them. */
export interface SecretStore {
  put(owner: StoredOwner, fields: SecretFields, kept?: string): Promise<string>;
  /** @throws UnreadableSecretError when they are gone, or cannot be opened for this owner. */
  get(owner: StoredOwner, kept: string): Promise<SecretFields>;
  delete(owner: StoredOwner, kept: string): Promise<void>;
}

/** In the credential's own row, in an envelope (see `sealEnvelope`). */
export const embeddedSecretStore: SecretStore = {
  put: async (owner, fields) => sealEnvelope(JSON.stringify(fields), owner),
  get: async (owner, kept) => readFields(openEnvelope(kept, owner)),
  delete: async () => {},
};

/** The store for new fields. OAuth tokens change with every refresh: they are always kept in the database. */
export const storeFor = (type: string): SecretStore =>
  env().USE_AWS_SECRETS && type !== "oauth2" ? awsSecretStore() : embeddedSecretStore;

/** The store that holds what a row points to, whatever is configured for new ones. */
export const storeOf = (kept: string): SecretStore => (kept.startsWith("aws:") ? awsSecretStore() : embeddedSecretStore);

/** @throws UnreadableSecretError for what is no object of texts. */
export function readFields(text: string): SecretFields {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UnreadableSecretError("It holds no fields");
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
