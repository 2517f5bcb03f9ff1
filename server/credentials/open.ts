import { isSensitive } from "@/flow/credentials/fields";
import { type CredentialSettings, credentialSettingsSchema } from "@/flow/credentials/settings";
import type { CredentialType } from "@/flow/credentials/types";
import type { Credential } from "@/prisma/generated/client";
import type { SecretFields } from "../secrets/secret-store";
import { storeOf } from "../secrets/secret-store";

/** A credential with its secrets, as it is used on the server. Never leaves it. */
export interface OpenCredential {
  id: string;
  name: string;
  type: CredentialType;
  organizationId: string;
  provider: string | null;
  fields: SecretFields;
  /** The values of the fields that are secret. */
  secrets: string[];
  settings: CredentialSettings;
  allowedHosts: string[];
  /** Of the fields. */
  version: number;
  tokenExpiresAt: Date | null;
}

const settingsOf = (row: Credential): CredentialSettings => credentialSettingsSchema.catch({}).parse(row.settings);

/** @throws UnreadableSecretError when the secret is gone, or is not this row's. */
export async function openCredential(row: Credential): Promise<OpenCredential> {
  const owner = { organizationId: row.organizationId, credentialId: row.id };
  const fields = await storeOf(row.secret).get(owner, row.secret);
  const type = row.type as CredentialType;
  return {
    id: row.id,
    name: row.name,
    type,
    organizationId: row.organizationId,
    provider: row.provider,
    fields,
    secrets: Object.entries(fields).flatMap(([name, value]) => (isSensitive(type, name) ? [value] : [])),
    settings: settingsOf(row),
    allowedHosts: row.allowedHosts,
    version: row.version,
    tokenExpiresAt: row.tokenExpiresAt,
  };
}
