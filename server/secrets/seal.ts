import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { authSecret } from "../auth/settings";
import { env } from "../env";

/** Id of the key that is derived from the sign-in secret, for installations without keys of their own. */
const AUTH_KEY = "auth";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Derived keys by what they were derived from: a handful in any process. */
const derived = new Map<string, Buffer>();

function keyFrom(source: string): Buffer {
  let key = derived.get(source);
  if (!key) {
    key = Buffer.from(hkdfSync("sha256", source, "", "tolstoy stored secrets v1", 32));
    derived.set(source, key);
  }
  return key;
}

const sourceOf = (id: string): string | undefined =>
  env().TOLSTOY_MASTER_KEYS.find((each) => each.id === id)?.key ?? (id === AUTH_KEY ? authSecret() : undefined);

/** Id of the master key that new secrets are sealed with. */
export const currentKeyId = (): string => env().TOLSTOY_MASTER_KEYS[0]?.id ?? AUTH_KEY;

/** A master key by its id, derived for what it is used for; undefined when it is not configured. */
export function masterKey(id: string): Buffer | undefined {
  const source = sourceOf(id);
  return source === undefined ? undefined : keyFrom(source);
}

/**
 * Encrypts a secret for the database (AES-256-GCM).
 * @param owner what it belongs to; it opens for nothing else, so that a row's secret is of no use in another row
 * @returns `v1.<key id>.<iv>.<ciphertext and tag>`
 */
export function seal(secret: string, owner: string): string {
  const id = currentKeyId();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyFrom(sourceOf(id) ?? ""), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return ["v1", id, iv.toString("base64url"), sealed.toString("base64url")].join(".");
}

/** @throws Error when the key is not known any more, or the text is not what was sealed for this owner. */
export function unseal(sealed: string, owner: string): string {
  const [version, id = "", iv = "", body = ""] = sealed.split(".");
  const source = version === "v1" ? sourceOf(id) : undefined;
  if (!source) throw new Error(`The key "${id}" of a stored secret is not known: add it to TOLSTOY_MASTER_KEYS, or set the secret again`);
  const bytes = Buffer.from(body, "base64url");
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", keyFrom(source), Buffer.from(iv, "base64url"), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(end));
  return decipher.update(bytes.subarray(0, end), undefined, "utf8") + decipher.final("utf8");
}
