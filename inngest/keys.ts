import { createHash, createHmac } from "node:crypto";

/** `signkey-prod-` and the like: says which environment a key is of, and is no part of its secret. */
const PREFIX = /^signkey-\w+-/;

/** What proves to Inngest's API that we are who we say: the hash of the key. */
export function bearerOf(signingKey: string): string {
  const prefix = PREFIX.exec(signingKey)?.[0] ?? "";
  return (
    prefix +
    createHash("sha256")
      .update(Buffer.from(signingKey.slice(prefix.length), "hex"))
      .digest("hex")
  );
}

/** Signature of a request to our own endpoint without a body. */
export function emptySignature(signingKey: string): string {
  const seconds = Math.floor(Date.now() / 1000).toString();
  return `t=${seconds}&s=${createHmac("sha256", signingKey.replace(PREFIX, "")).update(seconds).digest("hex")}`;
}
