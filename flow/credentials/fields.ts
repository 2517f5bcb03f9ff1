import type { CredentialType } from "./types";

/** One value that a credential consists of. */
export interface CredentialField {
  name: string;
  label: string;
  /** Never shown in clear; see `leastLength`. */
  sensitive: boolean;
  required: boolean;
  description?: string;
  /** Its value has lines: a key or a certificate. */
  multiline?: boolean;
  /** The values that it may have; empty stands for the server's usual one. */
  choices?: readonly { value: string; label: string }[];
}

const secret = (name: string, label: string, required = true, description?: string): CredentialField => ({
  name,
  label,
  sensitive: true,
  required,
  ...(description && { description }),
});

/** The fields that people fill in. A custom credential has fields of any name; an OAuth one gets its tokens by connecting. */
export const CREDENTIAL_FIELDS: Record<CredentialType, readonly CredentialField[]> = {
  api_key: [secret("api_key", "API key"), secret("api_secret", "API secret", false, "Only where the service gave you one beside the key.")],
  basic_auth: [{ name: "username", label: "User name", sensitive: false, required: true }, secret("password", "Password")],
  bearer: [secret("token", "Token")],
  oauth2: [],
  custom: [],
};

/** Shortest key, token or client secret: a shorter one was cut off. */
const MIN_SECRET_LENGTH = 8;

const PASSWORD = /^pass(word|phrase|wd)?$/i;

/**
 * Characters that a sensitive field must have. The password of a server (a database, a mailbox) may be of any length: others chose
 * it, and whoever must connect cannot make it longer. For tools the rule has no exception.
 */
export const leastLength = (type: CredentialType, name: string, isForTool: boolean): number =>
  type === "custom" && !isForTool && PASSWORD.test(name) ? 1 : MIN_SECRET_LENGTH;

/** Names of fields that say where and as whom, not the secret itself. Whatever else a custom credential has is one. */
const OPEN_NAME =
  /^(host|hostname|port|user|user_?name|login|account|account_?(id|sid|name)|database|db|schema|region|bucket|endpoint|url|base_?url|domain|subdomain|e_?mail|from|tenant|tenant_?id|project|project_?id|client_?id|organization|workspace|ssl|tls|secure|ca|fingerprint|auth_source|ignore_tls_errors|force_path_style|protocol|path|expires_in|expires_at|scope|token_type)$/i;

const OPEN_OAUTH = new Set(["scope", "token_type", "expires_at", "expires_in", "client_id", "account"]);

/** Whether a field's value is kept from everybody's eyes. */
export function isSensitive(type: CredentialType, name: string): boolean {
  if (type === "custom") return !OPEN_NAME.test(name);
  if (type === "oauth2") return !OPEN_OAUTH.has(name);
  return CREDENTIAL_FIELDS[type].find((field) => field.name === name)?.sensitive ?? !OPEN_NAME.test(name);
}

const STARS = "*".repeat(11);

/**
 * What is shown of a secret: `sk-12***********cdef`. How long it is stays hidden, and of a short one less is shown, so that most
 * of it never is.
 */
export function maskSecret(value: string): string {
  if (value.length >= 18) return `${value.slice(0, 5)}${STARS}${value.slice(-4)}`;
  if (value.length >= 12) return `${value.slice(0, 2)}${STARS}${value.slice(-2)}`;
  return STARS;
}

/** The fields as they may be shown: secrets masked, the others as they are. */
export const maskFields = (type: CredentialType, fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isSensitive(type, name) ? maskSecret(value) : value]));
