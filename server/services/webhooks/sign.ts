import { createHmac } from "node:crypto";
import type { JsonObject } from "@/flow/item";
import { signingKey } from "@/server/secrets/signing-key";

/**
 * Value of `x-webhook-signature`: HMAC-SHA256 over the JSON of the body with the timestamp of `x-webhook-timestamp` put first.
 * @example signatureOf("a secret of mine", { eventType: "webhook.test", timestamp: 1 }, 1)
 */
export const signatureOf = (secret: string, payload: JsonObject, timestamp: number): string =>
  `sha256=${createHmac("sha256", secret)
    .update(JSON.stringify({ timestamp, ...payload }))
    .digest("hex")}`;

/**
 * Value of `webhook-signature` as Standard Webhooks has it: over the headers `webhook-id` and `webhook-timestamp` and the bytes of
 * the body, so that none of them can be another's.
 * @param timestamp Seconds since 1970
 */
export const standardSignatureOf = (secret: string, { id, timestamp, body }: { id: string; timestamp: number; body: string }): string =>
  `v1,${createHmac("sha256", signingKey(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
