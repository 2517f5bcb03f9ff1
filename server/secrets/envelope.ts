import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { currentKeyId, masterKey } from "./seal";

/** Whose a secret is: it opens for nothing else. */
export interface SecretOwner {
  organizationId: string;
  credentialId: string;
}

/** A stored secret can't be opened. Says which key is missing, or that the row is not what was stored. */
export class UnreadableSecretError extends Error {
  override name = "UnreadableSecretError";
}

const VERSION = "e1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Parts with their lengths before them, so that ("a", "bc") and ("ab", "c") differ. */
function bindingOf(...parts: string[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

function lock(key: Buffer, plain: Uint8Array, binding: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(binding);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

function unlock(key: Buffer, box: string, binding: Buffer): Buffer {
  const bytes = Buffer.from(box, "base64url");
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error("too short");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(binding);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}

const keyBinding = (keyId: string, owner: SecretOwner) => bindingOf(VERSION, "key", keyId, owner.organizationId, owner.credentialId);
const dataBinding = (owner: SecretOwner) => bindingOf(VERSION, "data", owner.organizationId, owner.credentialId);

/**
 * Encrypts with a key of the record's own, which the current master key wraps: changing the master key later rewraps the small
 * key and leaves the data alone. Both are bound to organization and credential.
 * @returns `e1.<master key id>.<wrapped key>.<data>`
 */
export function sealEnvelope(plain: string, owner: SecretOwner): string {
  const keyId = currentKeyId();
  const dataKey = randomBytes(32);
  const wrapped = lock(masterKey(keyId) as Buffer, dataKey, keyBinding(keyId, owner));
  const data = lock(dataKey, Buffer.from(plain), dataBinding(owner));
  dataKey.fill(0);
  return [VERSION, keyId, wrapped, data].join(".");
}

/** @throws UnreadableSecretError for an unknown master key, and for what was not sealed for this owner. */
export function openEnvelope(sealed: string, owner: SecretOwner): string {
  const { dataKey, data } = unwrap(sealed, owner);
  try {
    return unlock(dataKey, data, dataBinding(owner)).toString("utf8");
  } catch (cause) {
    throw spoiled(cause);
  } finally {
    dataKey.fill(0);
  }
}

/** Whether the envelope was made with a master key that is not the current one. */
export const isOutdated = (sealed: string): boolean => sealed.split(".")[1] !== currentKeyId();

/** The same envelope under the current master key. @throws UnreadableSecretError */
export function rewrap(sealed: string, owner: SecretOwner): string {
  const keyId = currentKeyId();
  const { dataKey, data } = unwrap(sealed, owner);
  const wrapped = lock(masterKey(keyId) as Buffer, dataKey, keyBinding(keyId, owner));
  dataKey.fill(0);
  return [VERSION, keyId, wrapped, data].join(".");
}

function unwrap(sealed: string, owner: SecretOwner): { dataKey: Buffer; data: string } {
  const [version, keyId = "", wrapped = "", data = "", ...rest] = sealed.split(".");
  if (version !== VERSION || rest.length > 0) throw new UnreadableSecretError("It is not in a form that this version knows");
  const key = masterKey(keyId);
  if (!key) {
    throw new UnreadableSecretError(
      `The master key "${keyId}" that it was stored with is not configured. Add it to TOLSTOY_MASTER_KEYS again, or enter the values anew`,
    );
  }
  try {
    return { dataKey: unlock(key, wrapped, keyBinding(keyId, owner)), data };
  } catch (cause) {
    throw spoiled(cause);
  }
}

const spoiled = (cause: unknown) =>
  new UnreadableSecretError(
    "It is not what was stored for this credential of this organization, or the master key is another one by the same id",
    { cause },
  );
