const PREFIX = "whsec_";
/** Fewer bytes would be a secret that was cut off, or mistyped beyond recognition: an empty key signs for everybody. */
const FEWEST_BYTES = 16;

/**
 * The key of HMAC signatures that a secret stands for. Standard Webhooks hands secrets out as `whsec_` and Base64, which stands for
 * bytes; any other text is its own bytes, also one that only begins so.
 * @example signingKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").length === 24
 */
export function signingKey(secret: string): Buffer {
  return encodedKey(secret) ?? Buffer.from(secret, "utf8");
}

/** Whether a secret that says it is Base64 is none, or is of too few bytes. */
export const isBrokenKey = (secret: string): boolean => secret.startsWith(PREFIX) && encodedKey(secret) === null;

function encodedKey(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null;
  const text = secret.slice(PREFIX.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, "base64");
  return key.length < FEWEST_BYTES ? null : key;
}
