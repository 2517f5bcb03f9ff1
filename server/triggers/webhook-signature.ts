import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingCall } from "../http/incoming-call";
import { signingKey } from "../secrets/signing-key";
import type { WebhookSettings } from "./webhook-registry";

/**
 * Whether one of the signatures of a call is that of its bytes. The forms of GitHub, Slack, Stripe, Shopify and Standard
 * Webhooks are all settings of the same check.
 */
export function isSigned(request: IncomingCall, bytes: Buffer, settings: WebhookSettings, secret: string, now = Date.now()): boolean {
  const header = request.headers.get(settings.signatureHeader) ?? "";
  const parts = partsOf(header, settings.signaturePrefix);
  const timestamp = (settings.timestampHeader ? request.headers.get(settings.timestampHeader) : stampIn(parts)) ?? "";
  if (settings.signedText.includes("{timestamp}") && !isRecent(timestamp, settings.toleranceSeconds, now)) return false;

  const hmac = createHmac(settings.signatureAlgorithm, signingKey(secret));
  for (const piece of settings.signedText.split(/(\{[^{}]*\})/)) {
    if (piece === "{body}") hmac.update(bytes);
    else if (piece === "{timestamp}") hmac.update(timestamp);
    else if (piece.startsWith("{header:")) hmac.update(headerOf(request, piece.slice("{header:".length, -1)));
    else hmac.update(piece);
  }
  const expected = hmac.digest();
  let found = false;
  for (const part of parts) {
    if (!part.startsWith(settings.signaturePrefix)) continue;
    const given = Buffer.from(part.slice(settings.signaturePrefix.length), settings.signatureEncoding);
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = true;
  }
  return found;
}

/** A header can hold several signatures, while a secret is changed; a prefix with a comma leaves only spaces to part them. */
const partsOf = (header: string, prefix: string): string[] => header.split(prefix.includes(",") ? /\s+/ : /[\s,]+/).filter(Boolean);

const stampIn = (parts: readonly string[]): string | undefined => parts.find((part) => part.startsWith("t="))?.slice(2);

const headerOf = (request: IncomingCall, name: string): string => (/^[\w-]+$/.test(name) ? (request.headers.get(name) ?? "") : "");

/** Seconds since 1970, milliseconds, or an instant in ISO 8601. */
function isRecent(timestamp: string, toleranceSeconds: number, now: number): boolean {
  const number = /^\d{1,15}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  const at = Number.isNaN(number) ? Date.parse(timestamp) : number < 100_000_000_000 ? number * 1000 : number;
  return Math.abs(now - at) <= toleranceSeconds * 1000;
}
