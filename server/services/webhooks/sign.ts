import { createHmac } from "node:crypto";
import type { JsonObject } from "@/flow/item";

/**
 * Value of `x-webhook-signature`: HMAC-SHA256 over the JSON of the body with the timestamp of `x-webhook-timestamp` put first.
 * @example signatureOf("a secret of mine", { eventType: "webhook.test", timestamp: 1 }, 1)
 */
export const signatureOf = (secret: string, payload: JsonObject, timestamp: number): string =>
  `sha256=${createHmac("sha256", secret)
    .update(JSON.stringify({ timestamp, ...payload }))
    .digest("hex")}`;
